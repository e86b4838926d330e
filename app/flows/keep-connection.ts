import type { Context } from '../context.ts'
import { ConnectFailed, type ConnectFailure, ProviderError } from '../errors.ts'
import type { Tokens } from '../oauth/tokens.ts'
import { type Account, type Api, createApi, type Provider } from '../providers/provider.ts'
import { missingScopes } from '../providers/scopes.ts'
import type { Connection } from '../store/connection-rows.ts'
import { isOrphan } from '../store/db.ts'
import { dropOffer, revoke } from './disconnect.ts'
import { endTroubles } from './end-troubles.ts'
import { connectedNews } from './news.ts'
import { onlineVerdict, verdictOf } from './verdict.ts'

/** Who the tokens belong to, as far as the platform tells right now. */
interface Identity {
  account: Account
  /** Why the platform did not say. */
  failure?: ProviderError
}

/**
 * Stores fresh tokens as the person's connection. A platform that does not say whose they are costs no tokens; another
 * account than the one connected is only offered.
 */
export async function keepConnection(
  ctx: Context,
  userId: number,
  provider: Provider,
  granted: Tokens,
  details?: Record<string, string>,
): Promise<'connected' | ConnectFailure> {
  const api = createApi(ctx.httpFor(provider), provider, granted)
  const before = await ctx.connections.find(userId, provider.key)
  const { account, failure } = await whoIsThis(api, provider, granted, before)
  const tokens = await withScope(api, provider, granted)

  if (before && isAnother(before.account, account)) {
    await ctx.offers.keep(userId, provider.key, { account, tokens, details })
    return 'account_changed'
  }
  await dropOffer(ctx, userId, provider)
  const link = { account: withKnown(account, before), tokens, details, verified: !failure }
  const connection = await saveConnection(ctx, userId, provider, link)
  if (failure && failure.kind !== 'temporary')
    await ctx.checks.record(connection, verdictOf(connection, failure))
  if (failure) return 'profile_failed'
  return missingScopes(provider, tokens.scope).length > 0 ? 'insufficient_scope' : 'connected'
}

/** What is to be stored; `verified`: the platform has just told whose it is, otherwise the next check asks. */
interface Link {
  account: Account
  tokens: Tokens
  verified: boolean
  /** Of the consent, for the journal. */
  details?: Record<string, string> | undefined
}

/**
 * Writes the row, ends what was said about an earlier connection, and tells log and journal.
 * @throws ConnectFailed `session_lost` when the person deleted their account meanwhile, `provider_disabled` when an
 *   administrator removed the platform or changed where it is; the grant is given back then
 */
export async function saveConnection(
  ctx: Context,
  userId: number,
  provider: Provider,
  { account, tokens, details, verified }: Link,
): Promise<Connection> {
  const connection = await saveOrGiveBack(ctx, userId, provider, { account, tokens })
  if (verified) await ctx.checks.record(connection, onlineVerdict(connection, account))
  await ctx.notices.closeAll(userId, provider.key)
  await endTroubles(ctx, userId, provider)
  await ctx.events.add({ event: 'connected', userId, provider: provider.key, details })
  await ctx.deliveries.queue(userId, connectedNews(provider))
  ctx.log.info('connected', { user: userId, provider: provider.key, connection: connection.id })
  return connection
}

async function saveOrGiveBack(
  ctx: Context,
  userId: number,
  provider: Provider,
  { account, tokens }: Pick<Link, 'account' | 'tokens'>,
): Promise<Connection> {
  try {
    const connection = await ctx.connections.save({
      userId,
      provider: provider.key,
      account,
      tokens,
    })
    if (await isUnchanged(ctx, provider)) return connection
  } catch (error) {
    if (!isOrphan(error)) throw error
    await revoke(ctx, provider, tokens)
    throw new ConnectFailed('session_lost', { cause: error })
  }
  await ctx.connections.remove(userId, provider.key)
  await revoke(ctx, provider, tokens)
  throw new ConnectFailed('provider_disabled')
}

/**
 * An administrator may remove their platform, or lead its addresses elsewhere, while a code is exchanged. Asked after
 * saving: whoever changes the platform either finds the new row or is found here.
 */
async function isUnchanged(ctx: Context, { key, edition }: Provider): Promise<boolean> {
  return edition === undefined || (await ctx.customProviders.editionOf(key)) === edition
}

/** A till account without stores does not say whose it is: the id that was known stays, to be compared when it does. */
function withKnown(account: Account, before: Connection | undefined): Account {
  const known = before?.account.id
  return account.id === undefined && known !== undefined ? { ...account, id: known } : account
}

async function whoIsThis(
  api: Api,
  provider: Provider,
  { accountId }: Tokens,
  before: Connection | undefined,
): Promise<Identity> {
  try {
    return { account: await provider.identify(api) }
  } catch (failure) {
    if (!(failure instanceof ProviderError)) throw failure
    const known =
      before && (!accountId || before.account.id === accountId) ? before.account : undefined
    return { account: known ?? { ...(accountId && { id: accountId }), profile: {} }, failure }
  }
}

const isAnother = (before: Account, now: Account) =>
  before.id !== undefined && now.id !== undefined && before.id !== now.id

/** Asks for the granted rights where the token answer kept silent; a platform that will not tell is not pressed. */
async function withScope(api: Api, provider: Provider, tokens: Tokens): Promise<Tokens> {
  if (tokens.scope || !provider.grantedScope) return tokens
  try {
    const scope = await provider.grantedScope(api)
    return scope ? { ...tokens, scope } : tokens
  } catch (error) {
    if (error instanceof ProviderError) return tokens
    throw error
  }
}
