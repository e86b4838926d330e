import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Account } from '../../providers/account.ts'
import { type Api, createApi } from '../../providers/api.ts'
import { sideBySide } from '../../providers/side-by-side.ts'
import type { Connection } from '../../store/connection.ts'
import type { Offer } from '../../store/offers.ts'
import { save, type Saved, saving } from './save-connection.ts'

/** Who the tokens belong to, as far as the platform tells right now. */
interface Identity {
  account: Account
  /** Why the platform did not say. */
  failure?: ProviderError
}

/** What else belongs to the saving: the end of the attempt it came by. */
export type Also = (unit: Context, outcome: Saved) => Promise<void>

/**
 * Stores fresh tokens as the person's connection. A platform that does not say whose they are costs no tokens; another
 * account than the one connected is only offered.
 * @throws ConnectFailed as {@link saving} does
 */
export async function keepConnection(
  ctx: Context,
  userId: number,
  provider: Provider,
  granted: Tokens,
  { details, also }: { details?: Record<string, string> | undefined; also?: Also } = {},
): Promise<Saved> {
  const api = createApi(ctx.httpFor(provider), provider, granted)
  const known = () => ctx.connections.find(userId, provider.key)
  const [{ account, failure }, tokens] = await sideBySide(
    api,
    () => whoIsThis(api, provider, granted, known),
    () => withScope(api, provider, granted),
  )

  return await saving(ctx, provider, tokens, async (unit, surplus) => {
    const before = await unit.connections.find(userId, provider.key)
    const older = before && (await unit.offers.take(userId, provider.key))
    if (older && isAnother(older.account, account)) surplus.push(older.tokens)
    const link = { account: withKnown(account, before), tokens, details, failure }
    const outcome =
      before && isAnother(before.account, account)
        ? await offerInstead(unit, userId, provider, link)
        : await save(unit, userId, provider, link)
    await also?.(unit, outcome)
    return outcome
  })
}

async function offerInstead(
  unit: Context,
  userId: number,
  { key }: Provider,
  { account, tokens, details }: Offer,
): Promise<Saved> {
  await unit.offers.keep(userId, key, { account, tokens, details })
  return 'account_changed'
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
  known: () => Promise<Connection | undefined>,
): Promise<Identity> {
  try {
    return { account: await provider.identify(api) }
  } catch (failure) {
    if (!(failure instanceof ProviderError)) throw failure
    const before = (await known())?.account
    const same = before && (!accountId || before.id === accountId) ? before : undefined
    return { account: same ?? { ...(accountId && { id: accountId }), profile: {} }, failure }
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
