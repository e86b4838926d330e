import type { Context } from '../../context.ts'
import { ConnectFailed, type ConnectFailure, type ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Account } from '../../providers/account.ts'
import type { Provider } from '../../providers/provider.ts'
import { missingScopes } from '../../providers/scopes.ts'
import { isOrphan } from '../../store/db-errors.ts'
import type { Verdict } from '../../store/checks.ts'
import type { Offer } from '../../store/offers.ts'
import { revoke } from './disconnect.ts'
import { endTroubles } from '../notices/end-troubles.ts'
import { connectedEvent } from '../notices/webhook-events.ts'
import { onlineVerdict, verdictOf } from './health-verdict.ts'

/** `connected`, or a code of the texts with which the connection stands all the same. */
export type Saved = 'connected' | ConnectFailure

/** What is to be stored. */
export interface LinkedAccount extends Offer {
  /** Why the platform did not just tell whose it is; the next check asks. */
  failure?: ProviderError | undefined
}

/**
 * Makes the offered account the connection, in place of the one that was there. False when the offer has run out (ten
 * minutes) or was answered already.
 * @throws ConnectFailed as {@link saving} does
 */
export async function replaceByOffer(
  ctx: Context,
  userId: number,
  provider: Provider,
): Promise<boolean> {
  const offered = await ctx.offers.find(userId, provider.key)
  return await saving(ctx, provider, offered?.tokens, async (unit, surplus) => {
    const offer = await unit.offers.take(userId, provider.key)
    if (!offer) return false
    const replaced = await unit.connections.tokensOf(userId, provider.key)
    if (replaced && replaced.accessToken !== offer.tokens.accessToken) surplus.push(replaced)
    await save(unit, userId, provider, offer)
    return true
  })
}

/**
 * Runs a unit that saves `tokens`; those that are surplus afterwards, or cannot be saved any more, are given back.
 * @throws ConnectFailed `session_lost` when the person deleted their account meanwhile, `provider_disabled` when an
 *   administrator removed the platform or changed where it is
 */
export async function saving<T>(
  ctx: Context,
  provider: Provider,
  tokens: Tokens | undefined,
  work: (unit: Context, surplus: Tokens[]) => Promise<T>,
): Promise<T> {
  let surplus: Tokens[] = []
  try {
    return await ctx.inOne((unit) => work(unit, (surplus = [])))
  } catch (error) {
    const lost = isOrphan(error) ? new ConnectFailed('session_lost', { cause: error }) : error
    surplus = lost instanceof ConnectFailed && tokens ? [tokens] : []
    throw lost
  } finally {
    for (const one of surplus) await revoke(ctx, provider, one)
  }
}

/** Writes the row, ends what was said about an earlier connection, and tells the journal. */
export async function save(
  unit: Context,
  userId: number,
  provider: Provider,
  { account, tokens, details, failure }: LinkedAccount,
): Promise<Saved> {
  const { key } = provider
  const verdict = firstVerdict(tokens, account, failure)
  const link = { userId, provider: key, account, tokens, verdict }
  const connection = await unit.connections.save(link)
  if (!(await isUnchanged(unit, provider))) throw new ConnectFailed('provider_disabled')
  if (verdict) await unit.checks.keepHistory(connection, verdict)
  if (connection.revision > 1) await unit.notices.closeAll(userId, key)
  await endTroubles(unit, userId, provider)
  await unit.events.add({ event: 'connected', userId, provider: key, details })
  await unit.deliveries.queue(userId, connectedEvent(provider))
  unit.afterCommit(() => {
    unit.log.info('connected', { user: userId, provider: key, connection: connection.id })
  })
  if (failure) return 'profile_failed'
  return missingScopes(provider, tokens.scope).length > 0 ? 'insufficient_scope' : 'connected'
}

/** What the platform has just said is the first check; an outage is none. */
function firstVerdict(
  { expiresAt, refreshToken }: Tokens,
  account: Account,
  failure: ProviderError | undefined,
): Verdict | undefined {
  if (!failure) return onlineVerdict({ account }, account)
  if (failure.kind === 'temporary') return undefined
  return verdictOf({ expiresAt, renewable: refreshToken !== undefined }, failure)
}

/**
 * An administrator may remove their platform, or lead its addresses elsewhere, while a code is exchanged. Asked after
 * saving: whoever changes the platform either waits for us and finds the new row, or is found here.
 */
async function isUnchanged(unit: Context, { key, edition }: Provider): Promise<boolean> {
  return edition === undefined || (await unit.customProviders.editionOf(key)) === edition
}
