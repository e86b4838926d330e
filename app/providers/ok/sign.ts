import { createHash } from 'node:crypto'
import type { Request } from '../../http/http-options.ts'
import type { Tokens } from '../../oauth/tokens.ts'

/** Our application at OK: the key every call names, and the secret every call is signed with. */
export interface App {
  publicKey: string
  secret: string
}

/**
 * A call in the name of a session (docs/platforms/ok.md#calls): everything in the body, so that the token is in no
 * address. The method's name is one of the parameters.
 */
export function signed(
  app: App,
  { query, form, ...request }: Request,
  { accessToken }: Pick<Tokens, 'accessToken'>,
): Request {
  const params = { ...query, ...form, application_key: app.publicKey, format: 'json' }
  const sig = signatureOf(params, md5(accessToken + app.secret))
  return { ...request, method: 'POST', form: { ...params, sig, access_token: accessToken } }
}

/** Lower-case hex MD5 of the parameters in the order of their names, as `name=value`, and the session's secret. */
export function signatureOf(params: Readonly<Record<string, string>>, secret: string): string {
  const names = Object.keys(params).sort()
  return md5(names.map((name) => `${name}=${params[name] ?? ''}`).join('') + secret)
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
