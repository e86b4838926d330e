import { ConnectFailed } from '../../errors.ts'
import { asText } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { Arrival, Auth } from '../../oauth/auth.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { readEach } from '../read-each.ts'
import { type Application, askTokens, lasting } from './calls.ts'
import { linkFor } from './link.ts'
import { carriedWith, type Pair } from './pairs.ts'
import { renewAll } from './refresh.ts'

/**
 * Shopee Open Platform v2, open.shopee.com/developer-guide/20: JSON calls signed in their query, numbers for ids, pairs
 * of single use. No scopes, no PKCE, no call that ends a grant.
 */
export function shopeeAuth(app: Application): Auth {
  return {
    begin: (start) => linkFor(app, start),
    complete: (http, arrival) => redeem(app, http, arrival),
    refresh: (http, tokens) => renewAll(app, http, tokens),
  }
}

/** A main account gives one pair for all its shops and merchants; from the first renewal on each has its own. */
async function redeem(
  app: Application,
  http: PlatformHttp,
  { callback }: Arrival,
): Promise<Tokens> {
  const [kind, id] = whoCame(callback)
  const { body, granted } = await askTokens(app, http, {
    url: app.hosts.tokenUrl,
    json: { code: callback.get('code'), [kind]: Number(id) },
  })
  const { accessToken, refreshToken = '', expiresAt } = granted
  const [own, ...others] = kind === 'shop_id' ? [{ kind, id }] : listed(http, body)
  if (!own) throw new ConnectFailed('insufficient_scope') // consented to, and not one shop ticked
  const pairs = others.map((one) => ({ ...one, accessToken, refreshToken }))
  const carried = carriedWith(own, pairs, kind === 'shop_id' ? undefined : id)
  return { ...lasting({ accessToken, refreshToken, expiresAt }), carried, accountId: id }
}

/** @throws ConnectFailed `invalid_state` unless the callback names exactly one account, a shop or a main one */
function whoCame(callback: URLSearchParams): ['shop_id' | 'main_account_id', string] {
  const named = (['shop_id', 'main_account_id'] as const).flatMap((kind) =>
    callback.getAll(kind).map((id) => [kind, id] as ['shop_id' | 'main_account_id', string]),
  )
  const [first, ...more] = named
  if (!first || more.length > 0 || !/^\d{1,15}$/.test(first[1]))
    throw new ConnectFailed('invalid_state')
  return first
}

function listed(
  http: PlatformHttp,
  { shop_id_list, merchant_id_list }: Record<string, unknown>,
): Pick<Pair, 'kind' | 'id'>[] {
  const idsIn = (name: string, list: unknown) =>
    readEach(http, name, Array.isArray(list) ? list : [], numberIn)
  return [
    ...idsIn('shops', shop_id_list).map((id) => ({ kind: 'shop_id' as const, id })),
    ...idsIn('merchants', merchant_id_list).map((id) => ({ kind: 'merchant_id' as const, id })),
  ]
}

const numberIn = (value: unknown) => /^\d{1,15}$/.exec(asText(value) ?? '')?.[0]
