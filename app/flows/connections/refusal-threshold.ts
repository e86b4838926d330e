import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'

const ASK_AGAIN_MS = 60_000

/**
 * What a refused use or renewal of tokens amounts to. A platform that refuses good tokens at times (`deadAfter`) is
 * believed after so many refusals in a row; until then nothing is known and it is asked again soon.
 */
export async function applyRefusalThreshold<E>(
  ctx: Context,
  id: number,
  { deadAfter = 1 }: Provider,
  error: E,
): Promise<E | ProviderError> {
  if (deadAfter === 1 || !isRefusal(error)) return error
  if ((await ctx.checks.countRefusal(id, ASK_AGAIN_MS)) >= deadAfter) return error
  return belowThreshold(new Date(Date.now() + ASK_AGAIN_MS), error)
}

/** Refused a moment ago: asking at once would only be refused again, and count. Until when, if so. */
export function askAgainFrom({ refusals, nextCheckAt }: Connection): Date | undefined {
  const left = (nextCheckAt?.getTime() ?? 0) - Date.now()
  return refusals > 0 && left > 0 && left <= ASK_AGAIN_MS ? nextCheckAt : undefined
}

/** Nothing is known of the tokens for the moment. */
export const belowThreshold = (retryAt: Date, cause?: unknown) =>
  new ProviderError(
    'may be a refusal by mistake',
    { code: 'in_doubt', kind: 'temporary', retryAt },
    { cause },
  )

const isRefusal = (error: unknown) =>
  error instanceof ProviderError && error.kind === 'dead' && error.code === 'token_revoked'
