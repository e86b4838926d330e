import type { Evotor } from '../evotor.ts'

const PATIENCE_MS = 10_000

/** Tells the application that a store's products have changed (reference: Эвотор, 7.1); it may be away. */
export async function tellOfProducts(
  { hooks, catalogueOf }: Pick<Evotor, 'hooks' | 'catalogueOf'>,
  storeId: string,
): Promise<void> {
  if (!hooks) return
  const [last] = [...catalogueOf(storeId).products.values()].sort(
    (a, b) => b.updated_at - a.updated_at,
  )
  const product = last && {
    uuid: last.id,
    name: last.name,
    group: false,
    parentUuid: last.parent_id ?? null,
    price: last.price ?? null,
    quantity: last.quantity ?? null,
  }
  await fetch(`${hooks.url}/api/v1/inventories/stores/${storeId}/products`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hooks.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(product ? [product] : []),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined)
}
