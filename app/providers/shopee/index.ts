import { ONCE } from '../../config/platforms.ts'
import { hash } from 'node:crypto'
import type { Provider } from '../provider.ts'
import type { Platform } from '../platform.ts'
import { shopeeAuth } from './auth.ts'
import { hostsOf, settings, type ShopeeSettings } from './hosts.ts'
import { pairFor } from './pairs.ts'
import { readAccount } from './shops.ts'
import { signedQuery } from './sign.ts'
import { LABELS, remarksOn, RIGHTS, wordsWith } from './words.ts'

const KEY = 'shopee'

/** Shopee Open Platform v2: a signed API, an authorization of a limited time, shops alone or under a main account. */
export const shopee: Platform = {
  key: KEY,
  settings,
  labels: LABELS,
  create: (variables, baseUrl) => create(settings.parse(variables, ONCE), baseUrl),
}

function create(own: ShopeeSettings, baseUrl: string): Provider {
  const { PARTNER_ID: id, PARTNER_KEY: key, LINK: link } = own
  const partner = { id: id ?? '', key: key ?? '' }
  const hosts = hostsOf(own)

  return {
    key: KEY,
    title: 'Shopee',
    icon: 'bi-bag',
    tile: { ground: '#fde7e2', ink: '#ad3418' },
    words: wordsWith(hosts),
    scopes: RIGHTS,
    configured: Boolean(id && key),
    redirectUri: own.REDIRECT_URI ?? `${baseUrl}/${KEY}/callback`,
    remarks: () => remarksOn(own, hosts),
    warnDays: [30, 7, 1],
    renewsEnd: true, // each refresh token has 30 days of its own; the authorization has an end of its own too
    auth: shopeeAuth({ partner, hosts, link }),
    audit: confirmed,
    // Whose tokens: those of the shop or merchant the request's query names, the connection's own otherwise.
    sign: (request, tokens) => ({
      ...request,
      query: {
        ...request.query,
        ...signedQuery(partner, request.url, new Date(), pairFor(tokens, request.query)),
      },
    }),
    identify: (api) => readAccount(api, hosts.apiUrl),
  }
}

/** Which authorization it was: the account's number, and the code as a hash, so that nobody can use it. */
function confirmed(callback: URLSearchParams): Record<string, string> {
  const shop_id = callback.get('shop_id')
  const main_account_id = callback.get('main_account_id')
  return {
    ...(shop_id && { shop_id }),
    ...(main_account_id && { main_account_id }),
    code_sha256: hash('sha256', callback.get('code') ?? ''),
  }
}
