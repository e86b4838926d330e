import { asText } from '../../http/answer.ts'
import type { Store } from '../../catalogue/goods.ts'
import { plainLine } from '../../catalogue/plain.ts'
import type { Caller, CatalogueSource } from '../catalogue.ts'
import { refusal, storeRefusal } from './calls.ts'
import { identified, identifiedIf } from './fields.ts'
import { fetchImage } from './image.ts'
import { type Listing, pagesOf } from './pages.ts'
import { readAnyGroup, readAnyProduct } from './product.ts'
import { readEachOf } from '../read-each.ts'

/**
 * Stores, groups and products of the cloud API at `apiUrl`. A product may come twice when a list had to begin again or
 * the till was busy; the later one counts. 402 of a store is `store_blocked`, 404 `store_gone`.
 */
export function evotorGoods(apiUrl: string): CatalogueSource {
  const ofStore = (id: string, what: string) => `${apiUrl}/stores/${encodeURIComponent(id)}/${what}`

  return {
    async stores(call) {
      const items = await all(call, { url: `${apiUrl}/stores`, refusal }, (item) => [item])
      return await readEachOf(call, 'stores', items, storeIf)
    },
    groups: (call, storeId) =>
      all(call, { url: ofStore(storeId, 'product-groups'), refusal: storeRefusal }, (item) => [
        readAnyGroup(item),
      ]),
    async *products(call, storeId, since) {
      const listing = {
        url: ofStore(storeId, 'products'),
        ...(since && { query: { since: String(since.getTime()) } }),
        refusal: storeRefusal,
      }
      for await (const page of pagesOf(call, listing)) yield page.map(readAnyProduct)
    },
    image: (call, image) => fetchImage(call, apiUrl, image),
  }
}

async function all<T>(call: Caller, listing: Listing, read: (item: unknown) => T[]): Promise<T[]> {
  const things: T[] = []
  for await (const page of pagesOf(call, listing)) things.push(...page.flatMap(read))
  return things
}

/** One store; none where nobody could tell it from another: the others are there all the same. */
function storeIf(value: unknown): Store | undefined {
  return identifiedIf(value) ? readStore(value) : undefined
}

/** One store. @throws ProviderError `bad_response` without an id */
export function readStore(value: unknown): Store {
  const { item, id } = identified(value)
  const name = plainLine(asText(item.name) ?? '')
  return {
    id,
    name: name || 'Магазин без названия',
    ...(!name && { unnamed: true }),
    address: plainLine(asText(item.address) ?? ''),
  }
}
