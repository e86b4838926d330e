import type { Departure, Start } from '../../oauth/auth.ts'
import type { Application } from './calls.ts'
import { signedQuery } from './sign.ts'

/** Where a seller consents: open.shopee.com/developer-guide/20, or as applications from before have it. */
export function linkFor(app: Application, start: Start): Departure {
  return { url: app.link === 'new' ? newLink(app, start) : legacyLink(app, start) }
}

/** Neither sign nor timestamp: the link holds as long as our state does. */
function newLink({ partner, hosts }: Application, { redirectUri, state }: Start): URL {
  return withQuery(hosts.authorizeUrl, {
    partner_id: partner.id,
    auth_type: 'seller',
    redirect_uri: redirectUri,
    response_type: 'code',
    state,
  })
}

/** Holds for five minutes and has no state of its own, but brings back whatever query `redirect` has. */
function legacyLink({ partner, hosts }: Application, { redirectUri, state }: Start): URL {
  const redirect = withQuery(redirectUri, { state }).href
  const signed = signedQuery(partner, hosts.authorizeUrl, new Date())
  return withQuery(hosts.authorizeUrl, { ...signed, redirect })
}

function withQuery(address: string, parameters: Record<string, string>): URL {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}
