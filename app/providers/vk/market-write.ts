import { ProviderError, ShopRefused } from '../../errors.ts'
import { asObject } from '../../http/answer.ts'
import type { Item } from '../../catalogue/items.ts'
import type { Change, Outcome } from '../catalogue.ts'
import type { Batch } from './batch.ts'
import { fieldsOf } from './fields.ts'
import { cardNumber, sendReadable } from './ids.ts'
import { withoutLinks } from './links.ts'
import type { Ask, Params } from './market-calls.ts'
import { SAME } from './outcomes.ts'
import type { ScriptCall } from './script.ts'

const BAD_LINKS = 'bad_links'

/** Adds, changes and deletes one community's cards. */
export function createWriter(ask: Ask, batch: Batch, ownerId: number) {
  return { change, add }

  function change(changes: readonly Change[]): Promise<Outcome[]> {
    return sendReadable(changes, (one) => callOf(ownerId, one), sendCalls)
  }

  async function sendCalls(calls: readonly ScriptCall[]): Promise<Outcome[]> {
    const outcomes = (await batch(calls)).map((outcome, at) => judge(calls[at], outcome))
    const again = calls.flatMap((call, at) => linkless(call, outcomes[at], at))
    const seconds = await batch(again.map(({ call }) => call))
    const better = new Map(again.map(({ at }, nth) => [at, seconds[nth]]))
    return outcomes.map((outcome, at) => better.get(at) ?? outcome)
  }

  /**
   * Never inside of `execute`, and never twice: there is no key by which VK would know it again
   * (docs/platforms/vk.md#traps).
   */
  async function add(
    item: Item,
    photoId: string,
    morePhotoIds: readonly string[] = [],
  ): Promise<string> {
    const more = morePhotoIds.length > 0 && { morePhotoIds }
    const params = { owner_id: ownerId, ...fieldsOf({ ...item, photoId, ...more }) }
    try {
      return await addOnce(params)
    } catch (error) {
      const rest = withoutLinks(item.description)
      const linked = error instanceof ShopRefused && error.code === BAD_LINKS && rest !== undefined
      if (!linked) throw error
      return await addOnce({ ...params, description: rest })
    }
  }

  async function addOnce(params: Params): Promise<string> {
    const { response } = await ask('market.add', params, { repeat: 'unsent' })
    const itemId = asObject(response)?.market_item_id
    if (typeof itemId === 'number') return String(itemId)
    throw new ProviderError('an item without a number', { code: 'bad_response', kind: 'temporary' })
  }
}

function callOf(ownerId: number, change: Change): ScriptCall {
  const params = { owner_id: ownerId, item_id: cardNumber(change.itemId) }
  if ('remove' in change) return { method: 'market.delete', params }
  return { method: 'market.edit', params: { ...params, ...fieldsOf(change.set) } }
}

/** A card that is gone needs no deleting. */
const judge = (call: ScriptCall | undefined, outcome: Outcome): Outcome =>
  call?.method === 'market.delete' && !outcome.done && outcome.refusal.scope === 'missing'
    ? SAME
    : outcome

/**
 * VK does not take every address in a description; without them it is worth another try
 * (docs/platforms/vk.md#calls-and-errors, 1408).
 */
function linkless(call: ScriptCall, outcome: Outcome | undefined, at: number) {
  if (!outcome || outcome.done || outcome.refusal.code !== BAD_LINKS) return []
  const description = withoutLinks(String(call.params.description ?? ''))
  if (description === undefined) return []
  return [{ at, call: { ...call, params: { ...call.params, description } } }]
}
