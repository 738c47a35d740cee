/** A day after which something must not be used any more. */
export class Expiry {
  public constructor(
    private readonly day: string,
    private readonly subject: string,
  ) {
    if (!isDay(day)) throw new Error(`expires: an existing day as YYYY-MM-DD is needed, got '${day}'`);
  }

  /** What to tell people today; empty as long as the day is not over (UTC). */
  public problems(): string[] {
    const today = new Date().toISOString().slice(0, 10);
    if (today <= this.day) return [];
    return [`${this.subject} expired on ${this.day}; remove it, or give a later day and the reason for it`];
  }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
