import { ShopRefused } from '../../errors.ts'
import { asObject, asText } from '../../http/answer.ts'
import type { Item } from '../../catalogue/items.ts'
import type { Change, Outcome } from '../catalogue.ts'
import { type Ask, unreadable } from './calls.ts'
import { attachmentOf, type Card, type Photo } from './cards.ts'
import { refusalOf } from './errors.ts'
import { DONE, oneByOne, SAME } from './outcomes.ts'
import type { Reader } from './reading.ts'
import { type Status, wantedStatus, wayTo } from './status.ts'

type Wanted = Extract<Change, { set: unknown }>['set']

/** Days a card of a group is shown before OK closes it; a public page shows it for ever (docs/platforms/ok.md#display). */
const lifetimeIn = (business: boolean) => (business ? 0 : 30)

/** Adds, changes and deletes one group's cards. `isBusiness`: it is a public page. */
export function createWriter(
  ask: Ask,
  gid: string,
  { cardsOf }: Pick<Reader, 'cardsOf'>,
  isBusiness: () => Promise<boolean>,
) {
  return { add, change }

  /** Never twice: there is no key by which OK would know it again. */
  async function add(item: Item, photoId: string): Promise<string> {
    const business = await isBusiness()
    const attachment = attachmentOf(item, [{ id: photoId }], lifetimeIn(business))
    const { body } = await ask('market.add', { gid, type: 'GROUP_PRODUCT', attachment }, 'unsent')
    const itemId = asText(asObject(body)?.product_id)
    if (!itemId) throw unreadable('a card without a number')
    await move(itemId, 'ACTIVE', wantedStatus(item, 'ACTIVE', business))
    return itemId
  }

  /** OK replaces a card as a whole: what is not to be different is read first. */
  async function change(changes: readonly Change[]): Promise<Outcome[]> {
    const edited = changes.flatMap((one) => ('set' in one ? [one.itemId] : []))
    const cards = edited.length > 0 ? await cardsOf(edited) : []
    const byId = new Map(cards.map((card) => [card.shown.itemId, card]))
    return await oneByOne(changes, async (one) => {
      if ('remove' in one) return await remove(one.itemId)
      const card = byId.get(one.itemId)
      if (!card) throw refusalOf({ number: 300, message: 'product' })
      return await edit(card, one.set)
    })
  }

  async function remove(itemId: string): Promise<Outcome> {
    try {
      await done('market.delete', { product_id: itemId })
      return DONE
    } catch (error) {
      if (error instanceof ShopRefused && error.scope === 'missing') return SAME
      throw error
    }
  }

  async function edit(card: Card, set: Wanted): Promise<Outcome> {
    const business = await isBusiness()
    const { itemId } = card.shown
    const edited = isOther(card, set) || isToBegin(card, set)
    if (edited) await done('market.edit', editOf(card, set, lifetimeIn(business)))
    const now = edited && card.status !== 'ACTIVE' ? await statusOf(itemId) : card.status
    const moved = await move(itemId, now, wantedStatus(set, now, business))
    return edited || moved ? DONE : SAME
  }

  /** An edit may have put the card on display: nobody says. */
  async function statusOf(itemId: string): Promise<Status | undefined> {
    const [card] = await cardsOf([itemId])
    return card?.status
  }

  async function move(itemId: string, now: Status | undefined, wanted: Status): Promise<boolean> {
    const way = wayTo(wanted, now)
    for (const product_status of way)
      await done('market.setStatus', { product_id: itemId, product_status })
    return way.length > 0
  }

  /** Where OK has neither an error nor a success, it has not been done. */
  async function done(method: string, params: Record<string, string>): Promise<void> {
    const { body } = await ask(method, params)
    if (asObject(body)?.success === false) throw refusalOf({ number: NaN, message: '' })
  }
}

const CONTENT = ['title', 'description', 'sku', 'price'] as const

const isOther = ({ shown }: Card, set: Wanted): boolean =>
  set.photoId !== undefined ||
  CONTENT.some((field) => set[field] !== undefined && set[field] !== shown[field])

/** Only an edit is known to give a card that OK has closed its month anew (docs/platforms/ok.md#display). */
const isToBegin = ({ status }: Card, { hidden }: Wanted): boolean =>
  status === 'AUTO_CLOSED' && !hidden

/** The card as it is, but for what is to be different; photos and catalogs are said again. */
function editOf({ shown, photoIds }: Card, set: Wanted, lifetime: number): Record<string, string> {
  const title = set.title ?? shown.title
  const price = set.price ?? shown.price
  const sku = set.sku ?? shown.sku ?? ''
  const description = set.description ?? shown.description ?? ''
  if (title === undefined || price === undefined) throw unreadable('a card without title or price')
  const photos: Photo[] = set.photoId
    ? [{ id: set.photoId }]
    : photoIds.map((id) => ({ existing_photo_id: id, group: true }))
  return {
    product_id: shown.itemId,
    attachment: attachmentOf({ title, price, sku, description }, photos, lifetime),
    ...(shown.albums && { catalog_ids: shown.albums.join(',') }),
  }
}
