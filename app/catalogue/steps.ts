import type { Item, Placement, Reason } from './items.ts'
import type { Compared, Linked } from './linked.ts'
import type { Showing } from './owner/in-window.ts'

/** `restore` shows a hidden card again; `skip` sends nothing and has its reason. */
export type Action = Step['action']

/** By which call of a shop each is carried out. */
const CALLS: Record<Action, 'add' | 'change' | 'none'> = {
  create: 'add',
  update: 'change',
  restore: 'change',
  hide: 'change',
  delete: 'change',
  skip: 'none',
}

/** The actions that are carried out by a call. */
export const actionsBy = (call: 'add' | 'change'): Action[] =>
  (Object.keys(CALLS) as Action[]).filter((action) => CALLS[action] === call)

/** What of a card is to be different. */
export const FIELDS = [
  'title',
  'description',
  'price',
  'oldPrice',
  'stock',
  'sku',
  'photo',
  'album',
] as const
export type Field = (typeof FIELDS)[number]

/** One product's part of a run, as it is shown before and carried out after. Can be stored as JSON. */
export type Step = CreateStep | ChangeStep | DeleteStep | SkipStep

interface OfProduct {
  productId: string
  /** As the till has it. */
  name: string
  /** Kopecks the till says, before any rule; absent when it has none. */
  tillPrice?: number
  /** In the order of {@link Field}; all that differs, or that a new card has. */
  fields: readonly Field[]
}

/** A card that is not there yet, or no more: then `reason` is `item_gone`. */
export interface CreateStep extends OfProduct {
  action: 'create'
  item: Item
  reason?: Reason
}

/** A card that is there is to be different. */
export interface ChangeStep extends OfProduct {
  action: 'update' | 'hide' | 'restore'
  itemId: string
  /** The card as it should be; of one that is only hidden, as it is known to be. */
  item: Item
  /** What was shown before, of what changes. */
  before?: Before
  /** What is sent, where it is not the whole card. */
  only?: readonly Compared[]
  /** The album to be taken out of; the one to be put into is `item.album`. */
  leaveAlbum?: string
  /** Why it is hidden, or only its stock taken away. */
  reason?: Reason
}

export interface DeleteStep extends OfProduct {
  action: 'delete'
  itemId: string
  /** As it is known to be. */
  item?: Item
  reason: Reason
}

/** Nothing is sent. */
export interface SkipStep extends OfProduct {
  action: 'skip'
  /** The card it has all the same. */
  itemId?: string
  reason: Reason
}

/** The card a step is about; a new one has none yet. */
export const cardIdOf = (step: Step): string | undefined =>
  step.action === 'create' ? undefined : step.itemId

/** The card's content; what is skipped has none. */
export const contentIn = (step: Step): Item | undefined =>
  step.action === 'skip' ? undefined : step.item

/** What only a card that is changed has; nothing of any other step. */
export const changeIn = (step: Step): Pick<ChangeStep, 'before' | 'only' | 'leaveAlbum'> =>
  isChange(step) ? step : {}

export const isChange = (step: Step): step is ChangeStep =>
  step.action === 'update' || step.action === 'hide' || step.action === 'restore'

export interface Before {
  title?: string
  description?: string
  price?: number
  oldPrice?: number
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
  /** How each product on the till stands in the window. */
  showings: readonly Showing[]
  /** Albums to be made before anything is put into them. */
  albums: readonly Extract<Placement, { groupId: string }>[]
  /** Cards on display before, and what would be left: set when so many would vanish that a person is asked first. */
  shrinks?: { before: number; after: number }
  /** Same digest, same steps. */
  digest: string
}
