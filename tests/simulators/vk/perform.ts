import type { VkCall } from './access.ts'
import { METHODS, type VkMethod } from './methods.ts'
import { outOfScope, VkRefusal } from './refusal.ts'
import { troubleFor } from './troubles.ts'

/** Runs one method, asked for by itself or inside `execute`. @throws VkRefusal */
export function perform(call: VkCall, name: string, inExecute = false): unknown {
  const method = METHODS[name]
  if (!method) throw new VkRefusal(3)
  return troubled(call, name, () => {
    admit(call, method)
    if (inExecute) admitInside(call, method)
    const response = method.run(call)
    if (method.writes) note(call, name, response, inExecute)
    return response
  })
}

/** A fault on command comes before the work, or in the place of its answer. */
export function troubled<T>({ market, params }: VkCall, name: string, work: () => T): T {
  const trouble = troubleFor(market, name, params)
  if (trouble && !trouble.worked) throw trouble.refusal
  const response = work()
  if (trouble) throw trouble.refusal
  return response
}

/** Writing the market takes a person's token with the right (reference: VK, 2). */
function admit({ communityId, scope, market }: VkCall, { anyToken, right }: VkMethod) {
  if (communityId && !anyToken) throw new VkRefusal(27)
  if (!right || scope.includes(right)) return
  if (right === 'groups' && market.rules.groupsRefusal === 7) throw new VkRefusal(7)
  throw outOfScope()
}

/** Uploads and saves never work there (reference: VK, 5.6); writes as the rules say. */
function admitInside({ market: { rules } }: VkCall, { execute }: VkMethod) {
  const refused =
    execute === 'never' ||
    (execute === 'add' && !rules.addInExecute) ||
    (execute === 'write' && rules.executeRefusesWrites)
  if (refused) throw new VkRefusal(15, 'Access denied: method is not available in execute')
}

function note({ market, params }: VkCall, method: string, response: unknown, inExecute: boolean) {
  if (!market.keepJournal) return
  const itemId = Number(params.item_id ?? (response as Record<string, unknown>).market_item_id)
  const told = Object.entries(params).filter(([key]) => key !== 'access_token')
  market.writes.push({
    method,
    params: Object.fromEntries(told),
    itemId: itemId || undefined,
    inExecute,
  })
}
