import { endingOf } from '../../../app/catalogue/sku.ts'
import type { EvotorProduct } from '../../simulators/evotor/catalogue.ts'
import type { VkItem } from '../../simulators/vk/state.ts'
import type { Dice } from '../dice.ts'
import { groupIdOf, productOf, type SmallWorld } from './small-world.ts'

/** Somebody changes something at the till. In words what it is. */
export function editTill(world: SmallWorld, dice: Dice): string {
  const product = dice.of([...world.till.products.values()])
  const edit = dice.of(TILL_EDITS)
  if (!product || !edit) return 'nothing'
  TILL[edit](world, product, dice)
  return `till: ${edit} ${product.name}`
}

const TILL = {
  price({ till }: SmallWorld, { id }: EvotorProduct, dice: Dice) {
    till.setPrice(id, dice.percent(10) ? 0 : 100 + dice.below(100_000) / 100)
  },
  name({ till }: SmallWorld, { id }: EvotorProduct, dice: Dice) {
    till.rename(id, `Другое имя ${dice.below(1000)}`)
  },
  stock({ till }: SmallWorld, { id }: EvotorProduct, dice: Dice) {
    till.setQuantity(id, dice.of([0, 0, 3, 7, 1_000_000, undefined, -1]))
  },
  remove({ till }: SmallWorld, { id }: EvotorProduct) {
    if (till.products.size > 2) till.remove(id)
  },
  add({ till, number }: SmallWorld, _product: EvotorProduct, dice: Dice) {
    till.put(productOf(number, 100 + dice.below(400)))
  },
  move({ till, number }: SmallWorld, product: EvotorProduct, dice: Dice) {
    const moved = { ...product }
    delete moved.parent_id
    const at = dice.of([undefined, 0, 1])
    till.put({ ...moved, ...(at !== undefined && { parent_id: groupIdOf(number, at) }) })
  },
  renameGroup({ till }: SmallWorld, _product: EvotorProduct, dice: Dice) {
    const group = dice.of([...till.groups.values()])
    if (group) till.putGroup({ ...group, name: `Полка ${dice.below(1000)}` })
  },
  sale({ till }: SmallWorld, { id, allow_to_sell }: EvotorProduct) {
    till.change(id, { allow_to_sell: !allow_to_sell })
  },
}
const TILL_EDITS = Object.keys(TILL) as (keyof typeof TILL)[]

/** Cards of the owner's own, as they were left by hand. */
export type Foreign = Map<number, string>

/** Somebody changes something in the community. `odd` has never been written before. In words what it is. */
export function editShop(world: SmallWorld, dice: Dice, foreign: Foreign, odd: string): string {
  const cards = [...world.community.items.values()]
  const card = dice.of(cards.filter(({ sku }) => endingOf(sku) !== undefined))
  const edit = dice.of(card ? HAND_EDITS : (['addForeign'] as const)) ?? 'addForeign'
  HAND[edit](world, { card, dice, foreign, odd })
  return `shop: ${edit} ${card?.title ?? ''}`
}

interface ByHand {
  card: VkItem | undefined
  dice: Dice
  foreign: Foreign
  odd: string
}

const HAND = {
  edit({ scene: { vk } }: SmallWorld, { card, dice, odd }: ByHand) {
    if (card) vk.handEdit(card.id, dice.of(oddFields(odd)) ?? {})
  },
  /** Once a card: what looks the same again and again is taken for VK's own way. */
  hide({ scene: { vk } }: SmallWorld, { card }: ByHand) {
    if (card?.availability === 0 && !card.url)
      vk.handEdit(card.id, { availability: 2, url: 'https://vk.com/once' })
  },
  delete({ scene: { vk } }: SmallWorld, { card }: ByHand) {
    if (card) vk.handDelete(card.id)
  },
  addForeign({ scene: { vk }, community }: SmallWorld, { foreign, odd }: ByHand) {
    const id = vk.handAdd({ title: `Моя вещь ${odd}`, sku: `арт ${odd}` }, community.id)
    foreign.set(id, textOf(community.items.get(id)))
  },
  editForeign({ scene: { vk }, community }: SmallWorld, { foreign, dice }: ByHand) {
    const id = dice.of([...foreign.keys()])
    if (id === undefined) return
    vk.handEdit(id, { price: dice.below(1_000_000) })
    foreign.set(id, textOf(community.items.get(id)))
  },
  deleteAlbum({ community }: SmallWorld, { dice }: ByHand) {
    const album = dice.of([...community.albums.keys()])
    if (album !== undefined) community.albums.delete(album)
  },
  takeOut({ community }: SmallWorld, { card, dice }: ByHand) {
    if (card) dice.of([...community.albums.values()])?.items.delete(card.id)
  },
}
const HAND_EDITS = Object.keys(HAND) as (keyof typeof HAND)[]

const oddFields = (odd: string): Partial<Omit<VkItem, 'id'>>[] => [
  { title: `Правка ${odd}` },
  { description: `Правка описания ${odd}` },
  { price: 1 + Number(odd) },
  { stock: 100 + Number(odd) },
  { title: `Правка ${odd}`, price: 7, sku: '' },
]

/** Of somebody else's cards every byte counts. */
export const textOf = (card: VkItem | undefined) => JSON.stringify(card)
