/** What is not certain about VK, and its limits; a test turns what it is about. */
export interface VkRules {
  /** The least role that may change goods: 2 editor. */
  leastRole: number
  /** Error without the right `groups`: 15 or 7. */
  groupsRefusal: 7 | 15
  /** The upload pair wants the right `photos` too. */
  uploadNeedsPhotos: boolean
  /** Only leaves of the tree are categories of a card. */
  leavesOnly: boolean
  categoryOptional: boolean
  /** Characters of a description. */
  longestDescription: number
  /** How roubles become kopecks. */
  kopecks: (roubles: number) => number
  /** VK that changes texts without a word. */
  normalise: (text: string) => string
  /** An edit that leaves `deleted` out shows the card again. */
  editShows: boolean
  /** Stock 0 hides the card. */
  stockHides: boolean
  /** Reads tell the stock. */
  tellsStock: boolean
  /** market.getById answers `false` in the place of a card that is gone. */
  falseForGone: boolean
  /** market.addToAlbum takes one `item_id` too. */
  albumsTakeItemId: boolean
  /** 1404, and nothing placed: when one card is in the album already, or only when all are. */
  alreadyIn: 'any' | 'all'
  /** Hosts that are bad links in a description. */
  forbiddenHosts: string[]
  /** Milliseconds in which a deleted card can be restored. */
  restoreMs: number
  mostItems: number
  mostInAlbum: number
  mostAlbums: number
  /** Then error 29. */
  addsADay: number
  uploadUses: number
  uploadMs: number
  /** How often one upload may be saved. */
  savesPerUpload: number
  /** Milliseconds a photo without a card can be used. */
  photoMs: number
  /** What a bulk upload answers; the save takes it raw either way. */
  bulkAnswer: 'object' | 'array'
  /** market.edit and market.delete inside `execute` are refused. */
  executeRefusesWrites: boolean
  addInExecute: boolean
  /** In a script `list@.name` leaves out those that have no such property. */
  sparseColumns: boolean
  /** Bytes. */
  longestCode: number
  longestResult: number
}

const HOUR = 3600_000

/** Rules as the manual has them; where it is not sure, what seems likelier, or harder to live with. */
export function createRules(): VkRules {
  return {
    leastRole: 2,
    groupsRefusal: 15,
    uploadNeedsPhotos: false,
    leavesOnly: false,
    categoryOptional: false,
    longestDescription: Infinity,
    kopecks: (roubles) => Math.round(roubles * 100),
    normalise: (text) => text,
    editShows: true,
    stockHides: false,
    tellsStock: true,
    falseForGone: false,
    albumsTakeItemId: false,
    alreadyIn: 'any',
    forbiddenHosts: ['clck.ru'],
    restoreMs: 24 * HOUR,
    mostItems: 15_000,
    mostInAlbum: Infinity,
    mostAlbums: Infinity,
    addsADay: Infinity,
    uploadUses: Infinity,
    uploadMs: HOUR,
    savesPerUpload: 1,
    photoMs: Infinity,
    bulkAnswer: 'object',
    executeRefusesWrites: false,
    addInExecute: false,
    sparseColumns: false,
    longestCode: 64 * 1024,
    longestResult: 5 * 1024 * 1024,
  }
}
