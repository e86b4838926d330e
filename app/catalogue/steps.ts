import type { Item, Placement, Reason } from './items.ts'
import type { Compared, Linked } from './linked.ts'

/** `restore` shows a hidden card again; `skip` sends nothing and has its reason. */
export type Action = 'create' | 'update' | 'hide' | 'restore' | 'delete' | 'skip'

/** What of a card is to be different. */
export type Field = 'title' | 'description' | 'price' | 'stock' | 'sku' | 'photo' | 'album'

/** One product's part of a run, as it is shown before and carried out after. Can be stored as JSON. */
export interface Step {
  action: Action
  productId: string
  /** The card it is about; none for `create`, and for `skip` of what was never carried. */
  itemId?: number
  /** As the till has it. */
  name: string
  /** Kopecks the till says, before any rule; absent when it has none. */
  tillPrice?: number
  /** In the order of {@link Field}; all that differs. Empty for `skip`. */
  fields: readonly Field[]
  /** The card as it should be; for `hide` and `delete` as it is known to be, without for `skip`. */
  item?: Item
  /** What was shown before, of the fields that change. */
  before?: Before
  /** What is sent, where it is not the whole card. */
  only?: readonly Compared[]
  /** The album to be taken out of; the one to be put into is `item.album`. */
  leaveAlbum?: number
  /** Why: of `hide`, `delete` and `skip` always, of an `update` that only takes its stock away; of a `create` whose card is there no more, `item_gone`. */
  reason?: Reason
}

export interface Before {
  title?: string
  description?: string
  price?: number
  stock?: number
  hidden?: boolean
  sku?: string
}

/** What there is to do. */
export interface Plan {
  /** By what they are shown as: creates, updates, restores, hides, deletes, skips; inside by the till's names. */
  steps: readonly Step[]
  /** Products on the till, groups not counted. */
  products: number
  /** Products whose cards are as they should be. */
  unchanged: number
  /** What is newly known without sending anything: cards found by their sku, repeated views. To be stored as they are. */
  links: readonly Linked[]
  /** Products whose cards are gone: their links are to be forgotten. */
  unlink: readonly string[]
  /** Endings of the cards that are ours, or are to be made. */
  holds: readonly string[]
  /** Albums to be made before anything is put into them. */
  albums: readonly Extract<Placement, { groupId: string }>[]
  /** Cards on display before, and what would be left: set when so many would vanish that a person is asked first. */
  shrinks?: { before: number; after: number }
  /** Same digest, same steps. */
  digest: string
}
