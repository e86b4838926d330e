import type { Tokens } from '../../oauth/tokens.ts'

const DAY_MS = 24 * 3600_000
const LONG_LIFE_MS = 30 * DAY_MS
const REFRESH_LIFE_MS = 30 * DAY_MS
const SHORT_LIFE_MS = 30 * 60_000
/** Kept with tokens whose end moves on as they are used. */
const LONG = { life: 'long' }

/**
 * The ends of what OK grants (docs/platforms/ok.md#signing-in). Half an hour and a refresh token for thirty days that
 * nothing prolongs; or, with the right LONG_ACCESS_TOKEN, thirty days that begin anew whenever we say so, so that only
 * the access itself is needed to go on.
 */
export function withEnds(granted: Tokens, now: Date): Tokens {
  const { accessToken, refreshToken, refreshExpiresAt, carried } = granted
  const expiresAt = granted.expiresAt ?? after(now, SHORT_LIFE_MS)
  if (expiresAt.getTime() - now.getTime() > DAY_MS)
    return prolonged(
      { refreshToken: accessToken, ...granted, carried: { ...carried, ...LONG } },
      now,
    )
  const end = refreshExpiresAt ?? after(now, REFRESH_LIFE_MS)
  return { ...granted, expiresAt, ...(refreshToken && { refreshExpiresAt: end }) }
}

/** Said again halfway: that leaves a fortnight for what may go wrong. */
export const prolonged = (tokens: Tokens, now: Date): Tokens => ({
  ...tokens,
  expiresAt: after(now, LONG_LIFE_MS),
  renewAt: after(now, LONG_LIFE_MS / 2),
})

export const isLong = ({ carried }: Tokens): boolean => carried.life === LONG.life

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)
