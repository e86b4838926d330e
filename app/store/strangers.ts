import { randomBytes } from 'node:crypto'

const LIFE_MS = 24 * 3600_000

/**
 * An id for the session of somebody nobody knows yet, with the moment they came. All that their session needs follows
 * from it, and the cookie's signature vouches for it, so that no row is kept of who only looks at a form.
 */
export const strangerId = (now: number): string =>
  `${randomBytes(24).toString('base64url')}.${now.toString(36)}`

/** One of {@link strangerId}; those of people who have signed in look otherwise. */
export const isStranger = (sid: string): boolean => SHAPE.test(sid)

/** A stranger's who came within a day: theirs without a row, too. */
export function isRecentStranger(sid: string, now: number): boolean {
  const [, came] = SHAPE.exec(sid) ?? []
  return came !== undefined && Math.abs(now - Number.parseInt(came, 36)) < LIFE_MS
}

const SHAPE = /^[\w-]{32}\.([a-z\d]{8,9})$/
