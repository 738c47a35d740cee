/**
 * Far above what any of the tested work takes on a slow and busy machine, and far below what it takes once its time grows with the
 * square of its input. How fast something is, only bench/ says.
 */
const HANG_SECONDS = 20;

/** What `work` answers; fails where it takes so much processor time that a user would take it for a hang. */
export function withoutHang<T>(work: () => T): T {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(HANG_SECONDS);
  return result;
}
