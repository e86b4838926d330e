import express, { type CookieOptions, type Request, Router } from 'express'
import type { Config } from '../../../config/index.ts'
import { refuseCrossSite } from '../csrf.ts'
import { fieldsOf } from '../forms.ts'
import { ownPath } from '../paths.ts'

/** What a person may choose; without a choice the device's own (`prefers-color-scheme`) is followed. */
export type Theme = 'light' | 'dark'

const COOKIE = 'evosync-theme'
const KEPT_MS = 365 * 24 * 3600 * 1000
const CHOSEN = /(?:^|;\s*)evosync-theme=(light|dark)(?:;|$)/

/** Undefined for whoever has chosen nothing, or something that is no theme. */
export const themeOf = (req: Request): Theme | undefined =>
  CHOSEN.exec(req.headers.cookie ?? '')?.[1] as Theme | undefined

/**
 * The switch at the foot of every page. It knows nobody and changes nothing of anybody's but a cookie with one word, so it
 * stands before sessions and asks for no token; only other sites are refused.
 */
export function themeRouter({ baseUrl, secure }: Config): Router {
  const cookie: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/', secure }
  const form = express.urlencoded({ extended: false, limit: '1kb', parameterLimit: 4 })

  return Router().post('/theme', refuseCrossSite(new URL(baseUrl).host), form, (req, res) => {
    const { theme } = fieldsOf(req.body)
    if (theme === 'light' || theme === 'dark')
      res.cookie(COOKIE, theme, { ...cookie, maxAge: KEPT_MS })
    else res.clearCookie(COOKIE, cookie)
    res.redirect(303, cameFrom(req))
  })
}

/** The page the switch was pressed on: our own pages are told it in full (Referrer-Policy: same-origin). */
function cameFrom(req: Request): string {
  const referrer = req.get('referer') ?? ''
  if (!URL.canParse(referrer)) return '/'
  const { pathname, search } = new URL(referrer)
  return ownPath(pathname + search) ?? '/'
}
