import { uptime } from 'node:os'

/**
 * Milliseconds since it was begun, whatever the clock says; time in which the machine was suspended counts as well, where
 * the system tells of it (Linux: clock_gettime(2), CLOCK_BOOTTIME).
 */
export function stopwatch(): () => number {
  const [awake, booted] = [performance.now(), uptime()]
  return () => Math.max(performance.now() - awake, (uptime() - booted) * 1000)
}
