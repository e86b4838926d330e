import { blank, drop } from './goods.ts'
import { FLOWERS } from './categories.ts'
import { type Community, nextId, seconds, type VkItem, type VkMarket } from './state.ts'

/** What people do at VK themselves, past the API. A community left out is the first. */
export function createHands(market: VkMarket) {
  const [first] = market.communities.keys()

  function community(id = first): Community {
    const found = market.communities.get(id ?? 0)
    if (!found) throw new Error(`no community ${id}`)
    return found
  }

  function holding(itemId: number): { at: Community; item: VkItem } {
    for (const at of market.communities.values()) {
      const item = at.items.get(itemId)
      if (item) return { at, item }
    }
    throw new Error(`no card ${itemId}`)
  }

  function handEdit(itemId: number, fields: Partial<Omit<VkItem, 'id'>>): void {
    const { at, item } = holding(itemId)
    at.items.set(itemId, { ...item, ...fields, updated: seconds() })
  }

  return {
    handEdit,
    handHide(itemId: number): void {
      handEdit(itemId, { availability: 2 })
    },
    handDelete(itemId: number): void {
      const { at, item } = holding(itemId)
      drop(at, item)
    },
    /** A card of somebody's own; its number. */
    handAdd(fields: Partial<Omit<VkItem, 'id'>> & { title: string }, communityId?: number): number {
      const id = nextId(market)
      const words = { description: 'Создано вручную в сообществе', price: 100_000 }
      const item = { ...blank(id), ...words, categoryId: FLOWERS, ...fields }
      community(communityId).items.set(id, item)
      return id
    },
    /** An album of somebody's own, with these cards; its number. */
    handAlbum(title: string, itemIds: readonly number[] = [], communityId?: number): number {
      const id = nextId(market)
      const rest = { hidden: false, main: false, photoId: undefined, updated: seconds() }
      community(communityId).albums.set(id, { id, title, items: new Set(itemIds), ...rest })
      return id
    },
    /** A saved photo that belongs to no card yet, without bytes; its number. */
    handPhoto(communityId?: number): number {
      const id = nextId(market)
      const photo = { id, itemId: undefined, width: 1280, height: 1280, bytes: undefined }
      community(communityId).photos.set(id, { ...photo, savedAt: Date.now() })
      return id
    },
    marketOff(communityId?: number): void {
      community(communityId).market = false
    },
    marketOn(communityId?: number): void {
      community(communityId).market = true
    },
    /** Somebody is a mere member from now on. */
    dropRole(userId: number, communityId?: number): void {
      community(communityId).roles.set(userId, 0)
    },
  }
}
