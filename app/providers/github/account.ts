import { asObject, asText, badResponse, readJson } from '../../http/answer.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Endpoints } from '../oauth-platform.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'
import { judge, type Rule } from '../verdicts.ts'

/** Of every call to the API; a User-Agent, without which it answers 403, goes with all that we send. */
export const headers = { accept: 'application/vnd.github+json' }

/** docs.github.com/rest/users. @throws ProviderError */
export async function identifyAtGitHub(api: Api, { apiUrl }: Endpoints): Promise<Account> {
  const answer = await api.send({ url: `${apiUrl}/user`, headers })
  const told = judge(answer, RULES)
  const [id, name] = [asText(told.id), asText(told.login)]
  if (!id) throw badResponse('no id', answer)
  const email = mayReadEmail(api.tokens) ? await emailOf(api, apiUrl) : undefined
  return { id, ...(name && { name }), profile: {}, ...(email && { email }) }
}

/** docs.github.com/rest/using-the-rest-api/rate-limits: a limit is told by a 403, and only headers tell it apart. */
const RULES: readonly Rule[] = [
  ...[{ 'x-ratelimit-remaining': /^0$/ }, { 'retry-after': /./ }].map((headers): Rule => ({
    status: 403,
    headers,
    kind: 'temporary',
    code: 'rate_limited',
  })),
  { status: 404, kind: 'permission' },
]

/** Of a GitHub App nobody says which rights it has. */
const mayReadEmail = ({ scope }: Tokens) =>
  scope?.some((name) => name === 'user' || name === 'user:email') ?? true

/** The address GitHub itself writes to, if it is proved; whose account it is is known without it. */
async function emailOf(api: Api, apiUrl: string): Promise<Account['email']> {
  const answer = await api.send({ url: `${apiUrl}/user/emails`, headers })
  if (answer.status >= 400) return undefined
  const list = readJson(answer)
  const all = (Array.isArray(list) ? list : []).map((one: unknown) => asObject(one) ?? {})
  const address = asText(all.find((one) => one.primary === true && one.verified === true)?.email)
  return address ? { address, verified: true } : undefined
}
