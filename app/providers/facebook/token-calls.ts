import { ProviderError } from '../../errors.ts'
import { asObject, asText, badResponse } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import { readTokens, type Tokens } from '../../oauth/tokens.ts'
import type { Endpoints } from '../oauth-platform.ts'
import { type App, graphOver, readGraph, signed } from './graph.ts'
import { type Inspection, readInspection } from './life.ts'

/** Together no longer than a refresh may take, and with the code's own call than a callback may. */
const EXCHANGE_TIMEOUT_MS = 8_000
const INSPECTION_TIMEOUT_MS = 5_000

/** In the body: the secret and the token stand in no address. */
export async function exchange(
  { id, secret }: App,
  { tokenUrl }: Endpoints,
  http: PlatformHttp,
  { accessToken }: Tokens,
): Promise<Tokens> {
  const grant = { grant_type: 'fb_exchange_token', fb_exchange_token: accessToken }
  const answer = await graphOver(http).send({
    url: tokenUrl,
    method: 'POST',
    form: { client_id: id, client_secret: secret, ...grant },
    repeat: 'safe', // what is exchanged is not spent
    timeoutMs: EXCHANGE_TIMEOUT_MS,
  })
  return readTokens(answer, new Date())
}

/** @throws ProviderError `configuration` when the token is another application's, `dead` when it is none */
export async function inspect(
  app: App,
  { apiUrl }: Endpoints,
  http: PlatformHttp,
  { accessToken }: Tokens,
): Promise<Inspection> {
  const query = { input_token: accessToken }
  const question = { url: `${apiUrl}/debug_token`, query, timeoutMs: INSPECTION_TIMEOUT_MS }
  const answer = await http.send(signed(app, question, `${app.id}|${app.secret}`))
  const data = asObject(readGraph(answer).data)
  if (!data) throw badResponse('debug_token without data', answer)
  if (data.is_valid === false)
    throw new ProviderError('not valid', { code: 'token_revoked', kind: 'dead' })
  if (asText(data.app_id) !== app.id)
    throw new ProviderError('of another app', { code: 'invalid_client', kind: 'configuration' })
  return readInspection(data)
}
