import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import type { Album, Item, Placement, Shown } from '../../../app/catalogue/items.ts'
import { COMPARED, type Linked } from '../../../app/catalogue/linked.ts'
import type { Situation } from '../../../app/catalogue/plan.ts'
import { afterReading, afterSending, newLink } from '../../../app/catalogue/sent-state.ts'
import { cardIdOf, changeIn, type Plan, type Step } from '../../../app/catalogue/steps.ts'

/** A community's goods, and what we remember of them: all a plan changes. */
export interface Shop {
  shown: readonly Shown[]
  albums: readonly Album[]
  linked: readonly Linked[]
  albumOf: ReadonlyMap<string, string>
}

export const emptyShop: Shop = { shown: [], albums: [], linked: [], albumOf: new Map() }

/** How a platform keeps a card that was sent. */
export type Keeping = (card: Shown) => Shown

/** The shop once a plan was carried out to the end. */
export function apply(plan: Plan, shop: Shop, keep: Keeping = (card) => card): Shop {
  const made = withAlbums(plan, shop)
  const cards = new Map(made.shown.map((card) => [card.itemId, card]))
  const links = new Map(made.linked.map((link) => [link.productId, link]))
  for (const productId of plan.unlink) links.delete(productId)
  for (const link of plan.links) links.set(link.productId, link)

  let newest = newestOf([...cards.keys(), ...shop.linked.map((link) => link.itemId)])
  for (const step of plan.steps) {
    if (step.action === 'skip' || !step.item) continue
    const of = cardIdOf(step)
    const before = of === undefined ? undefined : cards.get(of)
    if (step.action === 'delete') {
      if (!before) throw new Error('deleted what is not there')
      cards.delete(before.itemId)
      links.delete(step.productId)
      continue
    }
    const itemId = before?.itemId ?? String((newest += 1))
    const link = links.get(step.productId) ?? newLink(step.productId, itemId)
    const albumId = albumIdOf(step.item.album, made.albumOf)
    const card = keep(sent(step, step.item, before, itemId, albumId))
    const kept = {
      ...afterSending(link, step.item, changeIn(step).only),
      ...(albumId !== undefined && { albumId }),
    }
    cards.set(itemId, card)
    links.set(step.productId, afterReading(kept, card, fieldsOf(step)) ?? kept)
  }
  return { ...made, shown: [...cards.values()], linked: [...links.values()] }
}

const newestOf = (ids: readonly string[]) => Math.max(0, ...ids.map(Number))

/** The next plan's point of view. */
export const situationOf = (
  shop: Shop,
  till: Pick<Situation, 'products' | 'groups' | 'settings'>,
): Situation => ({ ...till, ...shop, capacity: CAPACITY })

/** What a plan would send. */
export const writes = (plan: Plan): readonly Step[] =>
  plan.steps.filter(({ action }) => action !== 'skip')

function withAlbums(plan: Plan, shop: Shop): Shop {
  const albums = [...shop.albums]
  const albumOf = new Map(shop.albumOf)
  for (const { groupId, title } of plan.albums) {
    const id = String(Math.max(100, newestOf(albums.map((album) => album.id))) + 1)
    albums.push({ id, title })
    albumOf.set(groupId, id)
  }
  return { ...shop, albums, albumOf }
}

function albumIdOf(album: Placement | undefined, albumOf: ReadonlyMap<string, string>) {
  if (!album) return undefined
  const id = 'id' in album ? album.id : albumOf.get(album.groupId)
  if (id === undefined) throw new Error('an album is needed that nobody makes')
  return id
}

/** What is read back of a card. */
const fieldsOf = (step: Step) => [
  ...(changeIn(step).only ?? COMPARED),
  ...(step.fields.includes('album') ? (['album'] as const) : []),
]

/** Only what the step calls different is sent: whatever else differs stays, and the next plan would show it. */
function sent(
  step: Step,
  item: Item,
  before: Shown | undefined,
  itemId: string,
  albumId: string | undefined,
): Shown {
  const has = (field: Step['fields'][number]) => step.fields.includes(field)
  const albums = (before?.albums ?? []).filter((id) => id !== changeIn(step).leaveAlbum)
  const stock = has('stock') ? item.stock : before?.stock
  return {
    itemId,
    title: has('title') ? item.title : (before?.title ?? ''),
    description: has('description') ? item.description : (before?.description ?? ''),
    price: has('price') ? item.price : (before?.price ?? 0),
    oldPrice: (has('oldPrice') ? item.oldPrice : undefined) ?? before?.oldPrice ?? 0,
    sku: has('sku') ? item.sku : (before?.sku ?? ''),
    ...(stock !== undefined && { stock }),
    hidden: item.hidden,
    albums: has('album') && albumId !== undefined ? [...new Set([...albums, albumId])] : albums,
  }
}
