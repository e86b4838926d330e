import { ProviderError } from '../../errors.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { type Application, askTokens, lasting } from './calls.ts'
import { carriedWith, type Pair, pairsOf, tenAtATime } from './pairs.ts'

const OTHERS_TIMEOUT_MS = 5_000
const ASK_OTHERS_AGAIN_MS = 15 * 60_000

/**
 * Renews the connection's own pair, and meanwhile those of the other shops. A shop that cannot be renewed costs no other
 * one: it keeps its old pair, which stands first next time, soon if there is hope.
 */
export async function renewAll(
  app: Application,
  http: PlatformHttp,
  tokens: Tokens,
): Promise<Tokens> {
  const [own, ...others] = pairsOf(tokens)
  const [fresh, outcomes] = await Promise.all([
    renew(app, http, own),
    tenAtATime(others, OTHERS_TIMEOUT_MS, (pair) => renewIfPossible(app, http, pair)),
  ])
  const behind = others.filter((_, index) => !isPair(outcomes[index]))
  const pairs = [...behind, ...outcomes.filter(isPair)]
  const hopeful = outcomes.some((outcome) => outcome === undefined || outcome === 'later')
  const renewed = lasting(fresh)
  const soon = new Date(Math.min(renewed.renewAt.getTime(), Date.now() + ASK_OTHERS_AGAIN_MS))
  const carried = carriedWith(own, pairs, tokens.carried.main_account_id)
  return { ...tokens, ...renewed, ...(hopeful && { renewAt: soon }), carried }
}

const isPair = (outcome: Pair | 'later' | 'dead' | undefined): outcome is Pair =>
  typeof outcome === 'object'

async function renewIfPossible(app: Application, http: PlatformHttp, pair: Pair) {
  try {
    const { accessToken, refreshToken } = await renew(app, http, pair, OTHERS_TIMEOUT_MS)
    return { ...pair, accessToken, refreshToken }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return error.kind === 'temporary' ? 'later' : 'dead'
  }
}

/**
 * A refresh token is of one use, and yet the call may be repeated: for four hours the same old one is answered with the
 * same new pair (Shopee's FAQ 144). That is also what saves a pair that was lost before it was stored.
 */
async function renew(app: Application, http: PlatformHttp, pair: Pair, timeoutMs?: number) {
  const { kind, id, refreshToken } = pair
  const { granted } = await askTokens(app, http, {
    url: app.hosts.refreshUrl,
    json: { refresh_token: refreshToken, [kind]: Number(id) },
    repeat: 'safe',
    ...(timeoutMs && { timeoutMs }),
  })
  return { ...granted, refreshToken: granted.refreshToken ?? refreshToken }
}
