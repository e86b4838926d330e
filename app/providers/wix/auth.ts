import { createHmac, timingSafeEqual } from 'node:crypto'
import { ProviderError } from '../../errors.ts'
import { asObject, asText } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { Arrival, Auth, Start } from '../../oauth/auth.ts'
import { readTokens, type Tokens } from '../../oauth/tokens.ts'
import { judge, type Rule } from '../verdicts.ts'

/** A Wix application: its ID and secret, its two addresses, and how it is installed. */
export interface WixApplication {
  appId: string
  secret: string
  installUrl: string
  tokenUrl: string
  /** For applications that are not in Wix's market. */
  shareUrlId?: string
  /** Callbacks that Wix did not sign are let in. */
  unsigned: boolean
}

/**
 * Wix's external install flow (dev.wix.com, About the External Install Flow) with tokens minted by instance ID (Create
 * Access Token): no authorize page, no code, no scope, no refresh token.
 */
export function wixAuth(app: WixApplication): Auth {
  return {
    proof: 'instanceId',
    begin: (start) => ({ url: installLink(app, start) }),
    complete: (http, arrival) => install(app, http, arrival),
    refresh: (http, { refreshToken = '', carried }) => mint(app, http, refreshToken, carried),
  }
}

/** Wix knows no `state`: it travels in the query of the return address, which comes back as it was sent. */
function installLink({ appId, installUrl, shareUrlId }: WixApplication, start: Start): URL {
  const back = new URL(start.redirectUri)
  back.searchParams.set('state', start.state)
  const url = new URL(installUrl)
  url.searchParams.set('appId', appId)
  url.searchParams.set('postInstallationUrl', back.href)
  if (shareUrlId) url.searchParams.set('shareUrlId', shareUrlId)
  return url
}

/** Nobody is asked before the instance is known to be the one Wix sent this person back with. */
async function install(app: WixApplication, http: PlatformHttp, { callback }: Arrival) {
  const instanceId = callback.get('instanceId') ?? ''
  const signed = callback.get('signedInstance')
  if (signed === null) {
    if (!app.unsigned) throw notProved('signedInstance is missing')
  } else if (signedInstanceId(signed, app.secret) !== instanceId) {
    throw notProved('signedInstance does not fit')
  }
  const tenantId = callback.get('tenantId')
  return mint(app, http, instanceId, tenantId ? { tenantId } : {})
}

const notProved = (message: string) =>
  new ProviderError(message, { code: 'invalid_state', kind: 'configuration' })

/**
 * Whose instance it is, if the signature is ours: base64url(HMAC-SHA256(secret, payload)) + '.' + payload, the payload
 * being base64url of JSON, as Wix documents its older `instance`. Undefined when it proves nothing.
 */
export function signedInstanceId(signed: string, secret: string): string | undefined {
  const [signature = '', payload = ''] = signed.split('.')
  const expected = createHmac('sha256', secret).update(payload).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  try {
    const said = asObject(JSON.parse(Buffer.from(payload, 'base64url').toString()))
    return asText(said?.instanceId)
  } catch {
    return undefined
  }
}

/** An access lives four hours; the instance ID is what the next one is minted with. Minting twice harms nothing. */
async function mint(
  { tokenUrl, appId, secret }: WixApplication,
  http: PlatformHttp,
  instanceId: string,
  carried: Tokens['carried'],
): Promise<Tokens> {
  const json = {
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: secret,
    instance_id: instanceId,
  }
  const answer = await http.send({ url: tokenUrl, method: 'POST', json, repeat: 'safe' })
  refuseErrors(answer)
  const tokens = readTokens(answer, new Date())
  return { ...tokens, refreshToken: instanceId, accountId: instanceId, carried }
}

function refuseErrors(answer: Answer) {
  if (answer.status >= 400) judge(answer, REFUSALS)
}

/** What an uninstalled application is told is not documented: any 4XX but one about our own keys may be it. */
const REFUSALS: readonly Rule[] = [
  { error: /^(invalid|unauthorized)_client\b/, kind: 'configuration', code: 'invalid_client' },
  { kind: 'dead', code: 'invalid_grant' },
]
