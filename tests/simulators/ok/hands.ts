import { OkRefusal } from './refusal.ts'
import { nextId, type OkGroup, type OkMarket, type OkProduct } from './state.ts'

/** Which calls a refusal hits: after so many, so many times, and whether the work is done all the same. */
export interface Aim {
  times?: number
  after?: number
  worked?: boolean
}

/** What people do at OK themselves, past the API, and faults on command. A group left out is the first. */
export function createHands(market: OkMarket) {
  const [first = ''] = market.groups.keys()

  function group(id = first): OkGroup {
    const found = market.groups.get(id)
    if (!found) throw new Error(`no group ${id}`)
    return found
  }

  function holding(productId: string): OkGroup {
    const found = [...market.groups.values()].find(({ products }) => products.has(productId))
    if (!found) throw new Error(`no card ${productId}`)
    return found
  }

  return {
    handEdit(productId: string, fields: Partial<Omit<OkProduct, 'id'>>): void {
      Object.assign(holding(productId).products.get(productId) ?? {}, fields)
    },
    handDelete(productId: string): void {
      holding(productId).products.delete(productId)
    },
    /** A card of somebody's own; its number. */
    handAdd(fields: Partial<Omit<OkProduct, 'id'>> & { title: string }, groupId?: string): string {
      const id = nextId(market)
      const words = { description: 'Создано вручную в группе', price: 100_000, currency: 'RUB' }
      const rest = { status: 'ACTIVE', until: undefined, photoIds: [], catalogIds: [] } as const
      group(groupId).products.set(id, { id, ...words, ...rest, ...fields })
      return id
    },
    /** A catalog of somebody's own; its number. */
    handCatalog(name: string, groupId?: string): string {
      const id = nextId(market)
      group(groupId).catalogs.set(id, { id, name, adminRestricted: false })
      return id
    },
    /** A month has gone by: cards of groups are closed by themselves. */
    endDisplay(groupId?: string): void {
      for (const product of group(groupId).products.values())
        if (product.until !== undefined) product.until = Date.now() - 1
    },
    dropRole(userId: string, groupId?: string): void {
      group(groupId).roles.set(userId, 'MEMBER')
    },
    /** Refuses calls of a method. */
    refuse(
      method: string,
      code: number,
      { times = Infinity, after = 0, worked = false }: Aim = {},
      text?: string,
    ): void {
      market.troubles.push({ method, refusal: new OkRefusal(code, text), times, after, worked })
    },
    /** Calls of a method do their work, and the answer never arrives. */
    dropAfter(method: string, times = 1): void {
      market.dropped.set(method, times)
    },
    /** Ends all refusals. */
    calm(): void {
      market.troubles.length = 0
      market.dropped.clear()
    },
  }
}
