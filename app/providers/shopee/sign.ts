import { createHmac, timingSafeEqual } from 'node:crypto'

/** The application; the key is the text the console shows and is never hex-decoded. */
export interface Partner {
  id: string
  key: string
}

/** Whose call it is. `kind` is also the name of the query parameter. */
export interface Caller {
  kind: 'shop_id' | 'merchant_id'
  id: string
  accessToken: string
}

/**
 * What every call carries in its query, even a POST: a public call (link, token, refresh) without a caller, a shop's or
 * a merchant's with one. Base strings: open.shopee.com/developer-guide/16; the timestamp holds for five minutes.
 */
export function signedQuery(
  partner: Partner,
  url: string,
  now: Date,
  caller?: Caller,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const whose = caller ? caller.accessToken + caller.id : ''
  return {
    partner_id: partner.id,
    timestamp,
    sign: signatureOf(partner.key, partner.id + pathOf(url) + timestamp + whose),
    ...(caller && { access_token: caller.accessToken, [caller.kind]: caller.id }),
  }
}

/** Lower-case hex of HMAC-SHA256. */
export function signatureOf(key: string, base: string): string {
  return createHmac('sha256', key).update(base).digest('hex')
}

/** A push is Shopee's own when its `Authorization` signs our address and the raw body with our key. */
export function isGenuinePush(
  key: string,
  { url, body, authorization }: { url: string; body: string; authorization: string },
): boolean {
  const expected = Buffer.from(signatureOf(key, `${url}|${body}`))
  const given = Buffer.from(authorization)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The path as Shopee knows it: a mirror may put something in front of it. */
function pathOf(url: string): string {
  const { pathname } = new URL(url)
  return pathname.slice(Math.max(0, pathname.indexOf('/api/v2/')))
}
