import type { VkRefusal } from './refusal.ts'
import { createRules, type VkRules } from './rules.ts'

/** A community at VK, with its goods. */
export interface Community {
  id: number
  name: string
  screenName: string
  type: 'page' | 'group'
  /** «Товары» are switched on. */
  market: boolean
  /** VK's `admin_level` of those who belong to it: 0 member, 1 moderator, 2 editor, 3 administrator. */
  roles: Map<number, number>
  items: Map<number, VkItem>
  /** Deleted and perhaps still to be restored; `at` in ms. */
  removed: Map<number, { item: VkItem; at: number }>
  albums: Map<number, VkAlbum>
  photos: Map<number, VkPhoto>
}

/** A card. Prices in kopecks, times in seconds. */
export interface VkItem {
  id: number
  title: string
  description: string
  price: number
  oldPrice: number | undefined
  categoryId: number
  /** 0 to be bought, 2 hidden. */
  availability: 0 | 2
  sku: string
  /** Pieces, −1 without end; not shown when nobody ever told. */
  stock: number | undefined
  url: string
  /** Millimetres and grams, all four or none. */
  size: { width: number; height: number; length: number; weight: number } | undefined
  /** The main one first. */
  photoIds: readonly number[]
  date: number
  updated: number
}

export interface VkAlbum {
  id: number
  title: string
  hidden: boolean
  main: boolean
  photoId: number | undefined
  items: Set<number>
  updated: number
}

/** A saved photo. It belongs to one card or to none, and never to a second. */
export interface VkPhoto {
  id: number
  itemId: number | undefined
  width: number
  height: number
  /** As sent, while there is room to keep it. */
  bytes: Buffer | undefined
  savedAt: number
}

/** Files that were sent to an upload address and can be saved by presenting the answer, byte for byte. */
export interface Upload {
  communityId: number
  userId: number
  bulk: boolean
  files: { width: number; height: number; bytes: Buffer }[]
  saves: number
}

/** Where files may be sent. */
export interface UploadAddress {
  communityId: number
  userId: number
  bulk: boolean
  uses: number
  until: number
}

/** A write that was done, whether or not its answer arrived. */
export interface Write {
  method: string
  params: Readonly<Record<string, string>>
  itemId: number | undefined
  inExecute: boolean
}

/** A refusal on command. */
export interface Trouble {
  method: string
  refusal: VkRefusal
  /** Calls it still hits, after so many it lets pass. */
  times: number
  after: number
  itemId: number | undefined
  /** The work is done all the same. */
  worked: boolean
}

/** The market's side of {@link import('../vk.ts').Vk}. */
export interface VkMarket {
  communities: Map<number, Community>
  rules: VkRules
  troubles: Trouble[]
  /** Answers of these methods are lost so many times more. */
  dropped: Map<string, number>
  successTokens: Set<string>
  uploadAddresses: Map<string, UploadAddress>
  uploads: Map<string, Upload>
  /** Times of successful adds, in ms. */
  adds: number[]
  /** Every write that was done, those inside `execute` too. */
  writes: Write[]
  /** Requests to `/method` so far, and by method; calls inside `execute` are not requests. */
  requestsMade: number
  made: Map<string, number>
  /** Calls that came too soon: error 6. */
  tooFast: number
  /** Calls inside `execute` by method. */
  madeInside: Map<string, number>
  /** Milliseconds a method takes: half before the work, half after. */
  latencyMs: number
  /** False: neither `writes` nor `asked` are kept, for long benches. */
  keepJournal: boolean
  /** Bytes of photos kept for the shop page; none when false. */
  keepPhotos: boolean
  photoRoom: number
  /** Last number given to a card, an album or a photo. */
  lastId: number
}

/** Nothing on sale yet, nothing wrong yet. */
export function createMarket(communities: Community[]): VkMarket {
  return {
    communities: new Map(communities.map((one) => [one.id, one])),
    rules: createRules(),
    troubles: [],
    dropped: new Map(),
    successTokens: new Set(),
    uploadAddresses: new Map(),
    uploads: new Map(),
    adds: [],
    writes: [],
    requestsMade: 0,
    made: new Map(),
    tooFast: 0,
    madeInside: new Map(),
    latencyMs: 0,
    keepJournal: true,
    keepPhotos: true,
    photoRoom: 64 * 1024 * 1024,
    lastId: 12_609_246,
  }
}

/** The next number for a card, an album or a photo. */
export function nextId(market: VkMarket): number {
  market.lastId += 1
  return market.lastId
}

/** VK's clock. */
export const seconds = () => Math.floor(Date.now() / 1000)
