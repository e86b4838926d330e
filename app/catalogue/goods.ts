/** What a till sells, in the words of no platform. Money is integer kopecks. */

/** One shop with a catalogue of its own. */
export interface Store {
  id: string
  name: string
  /** The till did not say; `name` is a stand-in. */
  unnamed?: true
  address: string
}

/** A groupIndex of the catalogue. Groups nest; one with attributes is the parent of variants and is not sold itself. */
export interface Group {
  id: string
  parentId?: string
  name: string
  attributes: readonly Attribute[]
  /** As of a {@link Product}. */
  unreadable?: true
}

/** What variants differ by: «Цвет», «Размер». */
export interface Attribute {
  id: string
  name: string
  choices: readonly { id: string; name: string }[]
}

export interface Product {
  id: string
  /** Absent at the root of the catalogue. */
  groupId?: string
  name: string
  /** A service is always available. */
  service: boolean
  /** Sold under rules of its own, so that a shop window may not take it. */
  restricted?: Restricted
  /** What a person at the till calls it by, and the till's own number. */
  article?: string
  code?: string
  /** Kopecks; 0 or absent: the price is made at the till. {@link UNCOUNTED}: more than that. */
  price?: number
  /** May be a fraction or negative. Absent: the till does not tell, which is not zero. */
  quantity?: number
  /** `шт`, `кг`, or any other text; may be empty. */
  unit: string
  /** False: it cannot be put on a receipt. */
  sellable: boolean
  description: string
  /** Of a variant: attribute's id → choice's id. */
  choices: Readonly<Record<string, string>>
  image?: Image
  /** It is there, but makes no sense: what was known of it stays. With an empty id nobody knows which it is. */
  unreadable?: true
}

/** The largest price there is room for. */
export const UNCOUNTED = Number.MAX_SAFE_INTEGER

export type Restricted =
  | 'alcohol'
  | 'beer'
  | 'tobacco'
  | 'medicine'
  | 'supplements'
  | 'lottery'
  | 'jewelry'
  | 'adult'
  | 'excise'

/** Where a picture is; another `version` is another picture at the same address. */
export interface Image {
  url: string
  version: string
}
