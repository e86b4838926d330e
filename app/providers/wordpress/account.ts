import { asObject, asText, badResponse } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Endpoints } from '../oauth-platform.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'
import { readEach } from '../read-each.ts'
import { judge, type Rule } from '../verdicts.ts'

/** Which status goes with a dead token is not documented, and several are seen: only the body's word counts. */
const RULES: readonly Rule[] = [
  { error: /^invalid_token$/, kind: 'dead' },
  { error: /^(authorization_required|unauthorized)$/, kind: 'permission' },
  { status: 403, kind: 'permission' },
  { status: 401, kind: 'temporary', code: 'bad_response' },
  { error: /^$/, kind: 'temporary', code: 'bad_response' },
]

/** `GET /me`; a token that may not look at its own person is asked about at `token-info`. Throws ProviderError. */
export async function whoIsThis(api: Api, at: Endpoints, clientId: string): Promise<Account> {
  const site = siteOf(api.tokens)
  const answer = await api.send({ url: `${at.apiUrl}/me` })
  if (isWithheld(answer)) {
    const userId = await ownerOf(api, at, clientId)
    if (site) return siteAccount(site, userId)
  }
  const me = judge(answer, RULES)
  if (asText(me.ID) === undefined) throw badResponse('no ID', answer)
  const owner = asText(me.display_name) ?? asText(me.username)
  if (site) return siteAccount(site, asText(me.ID), owner)
  const sites = await sitesOf(api, at)
  return { ...idIf(asText(me.ID)), ...(owner && { name: owner }), profile: { sites } }
}

interface Site {
  id: string
  url: string
}

/** The token answer says which site it is for; the number is 0 or null when it is for all. */
function siteOf({ carried: { blog_id: id = '0', blog_url: url = '' } }: Tokens): Site | undefined {
  return id === '0' ? undefined : { id, url }
}

/** Seen with tokens that have neither `global` nor `users`: they work all the same. */
const isWithheld = ({ text }: Answer) =>
  /"error"\s*:\s*"(authorization_required|unauthorized)"/.test(text)

/**
 * Whose token it is; dead when unknown there. The token goes into the query because nothing else is documented: it is
 * the one call that puts it there, and addresses of calls are never logged.
 */
async function ownerOf(api: Api, { tokenUrl }: Endpoints, clientId: string) {
  const url = new URL('token-info', tokenUrl).href
  const answer = await api.send({
    url,
    query: { client_id: clientId, token: api.tokens.accessToken },
  })
  return asText(judge(answer, [{ error: /^invalid_request$/, kind: 'dead' }, ...RULES]).user_id)
}

/** One person has a token for each site, so another site of theirs is another account. */
function siteAccount({ id, url }: Site, userId: string | undefined, owner?: string): Account {
  const name = url.replace(/^https?:\/\//, '').replace(/\/$/, '') || owner
  return {
    ...idIf(userId && `${userId}:${id}`),
    ...(name && { name }),
    profile: { site: { id, url }, ...(owner && { owner }) },
  }
}

async function sitesOf(api: Api, { apiUrl }: Endpoints) {
  const { sites } = judge(await api.send({ url: `${apiUrl}/me/sites` }), RULES)
  return readEach(api, 'sites', Array.isArray(sites) ? sites : [], (one) => {
    const site = asObject(one)
    const url = asText(site?.URL)
    return url ? { name: asText(site?.name) ?? url, url } : undefined
  })
}

const idIf = (id: string | undefined): Pick<Account, 'id'> => (id ? { id } : {})
