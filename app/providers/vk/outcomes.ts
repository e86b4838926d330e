import { type ProviderError, ShopRefused } from '../../errors.ts'
import { asObject } from '../../http/answer.ts'
import type { Outcome } from '../catalogue.ts'
import { isSame, refusalOf } from './market-errors.ts'
import type { Reply } from './market-calls.ts'
import type { ScriptCall } from './script.ts'

export const DONE: Outcome = { done: true, same: false }
export const SAME: Outcome = { done: true, same: true }

/** What a refusal amounts to: none, where VK only says that there is nothing left to do. */
export const outcomeOf = (refusal: ShopRefused): Outcome =>
  isSame(refusal) ? SAME : { done: false, refusal }

/**
 * What became of each call of a script (docs/platforms/vk.md#scripts): a call that failed left `false`, and its error
 * stands among those of its method in the same order. Undefined: nobody can tell.
 */
export function outcomesOf(calls: readonly ScriptCall[], reply: Reply): (Outcome | undefined)[] {
  const answers = Array.isArray(reply.response) ? (reply.response as unknown[]) : []
  if (answers.length !== calls.length) return calls.map(() => undefined)
  const errors = errorsByCall(calls, answers, reply.failures)
  return calls.map(({ params }, at) => {
    if (answers[at] === 1 || answers[at] === true) return DONE
    const error = errors.get(at)
    return error === undefined ? undefined : outcomeOf(refusalOf(error, params))
  })
}

/** Only of methods with as many errors as failures: anything else would be guessing. */
function errorsByCall(
  calls: readonly ScriptCall[],
  answers: readonly unknown[],
  failures: readonly unknown[],
): Map<number, unknown> {
  const found = new Map<number, unknown>()
  for (const method of new Set(calls.map((call) => call.method))) {
    const failed = calls.flatMap((call, at) =>
      call.method === method && answers[at] === false ? [at] : [],
    )
    const errors = failures.filter((failure) => asObject(failure)?.method === method)
    if (errors.length === failed.length) failed.forEach((at, nth) => found.set(at, errors[nth]))
  }
  return found
}

/** A failure on the way, as the refusal of what could not be asked any more. */
export function asRefusal(error: ProviderError): ShopRefused {
  if (error instanceof ShopRefused) return error
  const { code, kind, outage, status, detail, retryAt, unsent, platform } = error
  const known = {
    ...(status && { status }),
    ...(detail && { detail }),
    ...(retryAt && { retryAt }),
    ...(platform && { platform }),
  }
  const scope = kind === 'temporary' ? 'temporary' : 'account'
  return new ShopRefused(error.message, { scope, code, kind, outage, unsent, ...known })
}
