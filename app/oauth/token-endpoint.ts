import type { PlatformHttp } from '../http/http-options.ts'
import type { Answer } from '../http/call.ts'

/** Who asks, and how it proves itself. */
export interface Client {
  clientId: string
  clientSecret?: string
  /** How the client proves itself at the token endpoint (RFC 6749 §2.3.1); `none` for public clients. */
  clientAuth: 'basic' | 'body' | 'none'
  /** GET puts everything into the query, the secret included: only where a platform documents it. */
  tokenMethod?: 'GET' | 'POST'
  tokenHeaders?: Readonly<Record<string, string>>
}

/** A request to a token or revocation endpoint, with the client's proof in it (RFC 6749 §2.3.1). */
export function sendToTokenEndpoint(
  { clientId, clientSecret = '', clientAuth, tokenMethod = 'POST', tokenHeaders }: Client,
  http: PlatformHttp,
  url: string,
  parameters: Record<string, string>,
): Promise<Answer> {
  const client = {
    ...(clientAuth !== 'basic' && { client_id: clientId }),
    ...(clientAuth === 'body' && { client_secret: clientSecret }),
  }
  const all = { ...client, ...parameters }
  return http.send({
    url,
    method: tokenMethod,
    ...(tokenMethod === 'GET' ? { query: all } : { form: all }),
    headers: {
      ...tokenHeaders,
      ...(clientAuth === 'basic' && { authorization: basic(clientId, clientSecret) }),
    },
    repeat: 'unsent',
  })
}

/** RFC 6749 §2.3.1: id and secret are form-urlencoded before they are joined and encoded. */
export function basic(clientId: string, clientSecret: string): string {
  const encoded = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  )
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
}
