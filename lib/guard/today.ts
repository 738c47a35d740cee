/** The date that exceptions and ends of life are compared with, as `2026-11-23`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
