import type { Context } from '../context.ts'
import { ProviderError } from '../errors.ts'
import type { Provider } from '../providers/provider.ts'

const ASK_AGAIN_MS = 60_000

/**
 * What a failed use of tokens amounts to. A platform that refuses good tokens at times (`deadAfter`) is believed after
 * so many refusals in a row; until then nothing is known and it is asked again soon.
 */
export async function asBelieved(
  ctx: Context,
  id: number,
  { deadAfter = 1 }: Provider,
  error: unknown,
): Promise<unknown> {
  if (deadAfter === 1 || !isRefusal(error)) return error
  if ((await ctx.checks.countRefusal(id)) >= deadAfter) return error
  return new ProviderError(
    'may be a refusal by mistake',
    { code: 'in_doubt', kind: 'temporary', retryAt: new Date(Date.now() + ASK_AGAIN_MS) },
    { cause: error },
  )
}

const isRefusal = (error: unknown) =>
  error instanceof ProviderError && error.kind === 'dead' && error.code === 'token_revoked'
