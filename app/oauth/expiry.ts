const LONGEST_MARGIN_MS = 15 * 60_000

/**
 * When to renew an access that ends at `expiresAt`: a quarter of an hour ahead or as much as the platform wants, for
 * short-lived tokens a quarter of their life; spread by up to a fifth (`random` in 0…1), so that not all connections
 * come at once.
 */
export function refreshDueAt(
  expiresAt: Date,
  now: Date,
  random = Math.random(),
  longestMs = LONGEST_MARGIN_MS,
): Date {
  const life = Math.max(0, expiresAt.getTime() - now.getTime())
  const margin = Math.min(longestMs, life / 4)
  return new Date(expiresAt.getTime() - margin * (0.8 + 0.2 * random))
}
