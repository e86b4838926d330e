import { ProviderError, ShopRefused } from '../../errors.ts'
import type { Habits, Outcome } from '../catalogue.ts'
import type { Ask } from './market-calls.ts'
import { asRefusal, DONE, outcomeOf, outcomesOf } from './outcomes.ts'
import { type ScriptCall, scriptOf } from './script.ts'

/** Calls in one `execute` (docs/platforms/vk.md#scripts). */
export const AT_ONCE = 25

/** Bytes of a script; what VK takes at the most is written nowhere. */
const LONGEST = 40_000

/** With these VK refuses the form; or everything, as a single call will tell. */
const REFUSED = new Set([
  'method_unknown',
  'market_right_missing',
  'request_refused',
  'app_refused',
])
/** With this it may be only too much at once. */
const TOO_MUCH = 'batch_refused'

/** Runs calls that may be repeated, 25 in a request, and one by one where VK does not take that. */
export type Batch = (calls: readonly ScriptCall[]) => Promise<Outcome[]>

export function createBatch(ask: Ask, habits: Habits): Batch {
  let singly = habits.singly
  let atOnce = AT_ONCE
  const settle = createSettle(ask)

  return async (calls) => {
    const outcomes: Outcome[] = []
    while (outcomes.length < calls.length) {
      const stop = outcomes.find((outcome) => !isAnswer(outcome))
      const part = nextPart(calls.slice(outcomes.length), singly ? 1 : atOnce)
      outcomes.push(...(stop ? part.map(() => stop) : await run(part)))
    }
    return outcomes
  }

  async function run(part: readonly ScriptCall[]): Promise<Outcome[]> {
    if (part.length === 1) return await settle(part, [])
    const known = await together(ask, part)
    if (typeof known !== 'string') return await settle(part, known)
    if (known === TOO_MUCH && part.length > 2) {
      atOnce = Math.ceil(part.length / 2)
      return []
    }
    const outcomes = await settle(part, [])
    if (outcomes.some(isAnswer)) await rememberSingly()
    return outcomes
  }

  async function rememberSingly() {
    if (singly) return
    singly = true
    await habits.onSingly()
  }
}

/** As many as are allowed and as a script has room for, one at least. */
function nextPart(calls: readonly ScriptCall[], atOnce: number): readonly ScriptCall[] {
  const part = calls.slice(0, atOnce)
  while (part.length > 1 && Buffer.byteLength(scriptOf(part)) > LONGEST) part.pop()
  return part
}

/** Why the whole was refused, be it at once or call by call; or what became of each call. */
async function together(ask: Ask, part: readonly ScriptCall[]) {
  try {
    const outcomes = outcomesOf(
      part,
      await ask('execute', { code: scriptOf(part) }, { kind: kindOf(part) }),
    )
    return outcomes.every((outcome) => outcome && isRefusedForm(outcome)) ? 'refused' : outcomes
  } catch (error) {
    if (!(error instanceof ShopRefused)) throw error
    if (error.code === TOO_MUCH) return TOO_MUCH
    if (REFUSED.has(error.code)) return 'refused'
    throw error
  }
}

const kindOf = (part: readonly ScriptCall[]) => `${part[0]?.method} × ${part.length}`

/** About that card alone: single calls get through. */
const isAnswer = (outcome: Outcome) =>
  outcome.done || ['item', 'missing'].includes(outcome.refusal.scope)

const isRefusedForm = (outcome: Outcome) => !outcome.done && REFUSED.has(outcome.refusal.code)

/** Asks singly for what is not known yet or may end otherwise; after a pause or a stop nothing more is asked. */
const createSettle =
  (ask: Ask) =>
  async (
    calls: readonly ScriptCall[],
    known: readonly (Outcome | undefined)[],
  ): Promise<Outcome[]> => {
    const outcomes: Outcome[] = []
    let stop = known.find((outcome) => outcome && !isAnswer(outcome) && !mayChange(outcome))
    for (const [at, call] of calls.entries()) {
      const before = known[at]
      if (before && !mayChange(before)) outcomes.push(before)
      else if (stop) outcomes.push(stop)
      else {
        const outcome = await single(ask, call)
        outcomes.push(outcome)
        if (!isAnswer(outcome)) stop = outcome
      }
    }
    return outcomes
  }

/** Once more by itself: tokens are renewed there, and waits are kept. */
const mayChange = (outcome: Outcome) =>
  !outcome.done &&
  (outcome.refusal.scope === 'temporary' || outcome.refusal.code === 'token_revoked')

async function single(ask: Ask, { method, params }: ScriptCall): Promise<Outcome> {
  try {
    await ask(method, params)
    return DONE
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return outcomeOf(asRefusal(error))
  }
}
