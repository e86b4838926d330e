import { ProviderError } from '../../errors.ts'
import { asText } from '../../http/answer.ts'
import type { PlatformHttp, Request } from '../../http/http-options.ts'
import { refreshDueAt } from '../../oauth/expiry.ts'
import { readBody } from './errors.ts'
import type { Hosts, ShopeeSettings } from './hosts.ts'
import { type Partner, signedQuery } from './sign.ts'

const MARGIN_MS = 10 * 60_000
const ACCESS_LIFE_S = 4 * 3600
const REFRESH_LIFE_MS = 30 * 24 * 3600_000

/** Larger values of `expire_in` are points in time, in seconds since 1970. */
const A_POINT_IN_TIME = 1e9

/** The application and where it talks to. */
export interface Application {
  partner: Partner
  hosts: Hosts
  link: ShopeeSettings['LINK']
}

/** What a token call grants. */
export interface Granted {
  accessToken: string
  refreshToken: string | undefined
  expiresAt: Date
}

/**
 * A token call: JSON with numbers for ids, signed in its query.
 * @throws ProviderError
 */
export async function askTokens(
  { partner }: Application,
  http: PlatformHttp,
  { json, ...request }: Request & { json: object },
): Promise<{ body: Record<string, unknown>; granted: Granted }> {
  const query = signedQuery(partner, request.url, new Date())
  const whole = { ...json, partner_id: Number(partner.id) }
  const body = readBody(await http.send({ ...request, method: 'POST', query, json: whole }))
  return { body, granted: grantedBy(body, new Date()) }
}

/** Judges the body of a token answer. */
export function grantedBy(body: Record<string, unknown>, now: Date): Granted {
  const accessToken = asText(body.access_token)
  if (!accessToken)
    throw new ProviderError('no access_token', { code: 'no_token', kind: 'temporary' })
  const refreshToken = asText(body.refresh_token)
  return { accessToken, refreshToken, expiresAt: endOfAccess(Number(body.expire_in), now) }
}

/** `expire_in`: seconds, at times a point in time; what makes no sense stands for the manual's four hours. */
function endOfAccess(value: number, now: Date): Date {
  if (value > A_POINT_IN_TIME) return new Date(value * 1000)
  return new Date(now.getTime() + (value > 0 ? value : ACCESS_LIFE_S) * 1000)
}

/** When the pair ends, and when to renew it: ten minutes ahead. */
export function lasting<T extends Pick<Granted, 'expiresAt'>>(fresh: T) {
  const now = new Date()
  return {
    ...fresh,
    refreshExpiresAt: new Date(now.getTime() + REFRESH_LIFE_MS),
    renewAt: refreshDueAt(fresh.expiresAt, now, Math.random(), MARGIN_MS),
  }
}
