import type { Context } from '../../context.ts'
import { ConnectFailed, type ConnectFailure, ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Provider } from '../../providers/provider.ts'
import { createApi } from '../../providers/api.ts'
import { failureOf } from './connect-failures.ts'
import { keepConnection } from './keep-connection.ts'
import { measureConnect } from './measure-connect.ts'
import { pastedCode } from '../notices/failure-reason.ts'

/**
 * Connects with a token the person pasted, once the platform has accepted it. Where sources differ on how to present
 * it, each way is tried once and the one that worked is kept with the token.
 * Otherwise gives why not, `token_refused` when it is not a token or the platform does not know it.
 * @throws what is a bug or our database's
 */
export async function connectPasted(
  ctx: Context,
  userId: number,
  provider: Provider,
  text: string,
): Promise<'connected' | ConnectFailure> {
  const measured = measureConnect(ctx, provider)
  try {
    return measured(await connectWith(ctx, userId, provider, text))
  } catch (error) {
    return measured(failureOf(error, pastedCode))
  }
}

async function connectWith(ctx: Context, userId: number, provider: Provider, text: string) {
  for (const tokens of provider.pasted?.candidates(text) ?? []) {
    if (await isAccepted(ctx, provider, tokens))
      return await keepConnection(ctx, userId, provider, tokens)
  }
  throw new ConnectFailed('token_refused')
}

async function isAccepted(ctx: Context, provider: Provider, tokens: Tokens): Promise<boolean> {
  try {
    await provider.identify(createApi(ctx.httpFor(provider), provider, tokens))
    return true
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'dead') return false
    throw error
  }
}
