import { isIPv6 } from 'node:net'
import type { Request, RequestHandler } from 'express'
import ipaddr from 'ipaddr.js'
import type { Context } from '../../context.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import type { Limit } from '../../store/limits.ts'
import { signedIn } from './signed-in.ts'

const HOUR_MS = 3600_000

/** Accounts made and links asked for, by address. */
export const REGISTRATIONS: Limit = { name: 'registration', most: 10, windowMs: HOUR_MS }
export const RESETS: Limit = { name: 'reset', most: 10, windowMs: HOUR_MS }

/** People sent off to a platform to sign in, by address. */
export const SIGN_INS: Limit = { name: 'sign_in_with', most: 30, windowMs: 15 * 60_000 }

/** Connections begun, by user. */
export const STARTS: Limit = { name: 'connect', most: 30, windowMs: 60_000 }

/** Test messages and repetitions of a webhook, by user: it is their server, but it is our door. */
export const WEBHOOK_SENDS: Limit = { name: 'webhook_send', most: 10, windowMs: 60_000 }

/** Checks asked for by hand, by user. */
export const CHECKS: Limit = { name: 'check', most: 10, windowMs: 60_000 }

/** Lists of what would change: each reads the whole till and the whole community; by user. */
export const PREVIEWS: Limit = { name: 'preview', most: 20, windowMs: 60_000 }

/** Forms of settings: each reads the whole till and the whole community as well; by user. */
export const SETTINGS_FORMS: Limit = { name: 'sync_settings', most: 30, windowMs: 60_000 }

/** Keys of files that are none, by address; and files made, by link. */
export const FEED_GUESSES: Limit = { name: 'feed_guess', most: 30, windowMs: 15 * 60_000 }
export const FEEDS: Limit = { name: 'feed', most: 30, windowMs: 60_000 }

/** Pictures and pages of goods in a file, by link. */
export const FEED_GOODS: Limit = { name: 'feed_goods', most: 600, windowMs: 60_000 }

/** Through the API: platforms asked live, accesses renewed; by user. */
export const API_CHECKS: Limit = { name: 'api_check', most: 60, windowMs: 60_000 }
export const API_RENEWALS: Limit = { name: 'api_refresh', most: 10, windowMs: 60_000 }

/** Addresses tried and metadata fetched for an administrator, by user. */
export const TRIALS: Limit = { name: 'trial', most: 30, windowMs: 60_000 }

/** {@link countOrRefuse} before a route, by signed-in user. */
export function limitedByUser(ctx: Context, limit: Limit): RequestHandler {
  return async (_req, res, next) => {
    await countOrRefuse(ctx, limit, String(signedIn(res).id))
    next()
  }
}

/** Who counts as one address: an IPv4 address, or the /64 an IPv6 household has to itself. */
export function addressOf(req: Request): string {
  const address = req.ip ?? ''
  if (!isIPv6(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
