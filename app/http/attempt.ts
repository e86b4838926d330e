import type { LazyAgent } from './agent.ts'
import { ProviderError } from '../errors.ts'
import { exchange } from './exchange.ts'
import type { Answer, Call } from './call.ts'
import type { Pauses } from './pauses.ts'
import { retryAfter } from './retry-after.ts'

/**
 * One try, judged by its status.
 * @throws ProviderError for 429, 5xx and redirects, and for everything that breaks on the way
 */
export async function tryOnce(
  agent: LazyAgent,
  call: Call,
  timeoutMs: number,
  pauses: Pauses,
): Promise<Answer> {
  const answer = await exchange(await agent.get(), call, timeoutMs)
  const { status } = answer
  if (status === 429) throw pauses.begin(call, answer)
  if (status >= 500) {
    const retryAt = retryAfter(answer)
    throw new ProviderError(`HTTP ${status}`, {
      code: 'server_error',
      kind: 'temporary',
      outage: true,
      status,
      ...(retryAt && { retryAt }),
    })
  }
  if (status >= 300 && status < 400) {
    throw new ProviderError('redirect refused', {
      code: 'redirected',
      kind: 'configuration',
      status,
    })
  }
  return answer
}
