import type { Request } from 'express'

/** Only for parsing; what it is called never matters. */
const HERE = 'http://evosync.invalid'
const LONGEST = 512

/**
 * An address of our own to send a person to, or undefined: no other scheme or host, no `//`, no backslash, no control
 * characters, encoded ones included (RFC 9700 §4.11, open redirects).
 */
export function ownPath(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  if (!/^\/(?![/\\])/.test(text) || /[\\\s\p{Cc}]|%[01][0-9a-f]|%7f|%5c/iu.test(text))
    return undefined
  if (!URL.canParse(text, HERE)) return undefined
  const { origin, pathname, search } = new URL(text, HERE)
  const path = pathname + search
  return origin === HERE && !path.startsWith('//') && path.length <= LONGEST ? path : undefined
}

/** A path of ours that takes along where to come back to; `back` is an own path. */
export const withReturn = (path: string, back: string | undefined): string =>
  back ? `${path}?redirect_path=${encodeURIComponent(back)}` : path

/** The query as it was sent: a parameter given twice stays two. */
export const queryOf = ({ originalUrl }: Pick<Request, 'originalUrl'>): URLSearchParams =>
  new URLSearchParams(originalUrl.split('?')[1] ?? '')
