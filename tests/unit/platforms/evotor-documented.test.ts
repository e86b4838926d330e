import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readStore } from '../../../app/providers/evotor/goods.ts'
import { readGroup, readProduct } from '../../../app/providers/evotor/product.ts'
import { startEvotor } from '../../simulators/evotor.ts'

/** As Evotor's manual and its library have them (rest_products, rest_images, rest_stores, cloud SDK). */
const MANUAL = {
  Product:
    'id parent_id name type code article_number barcodes price cost_price quantity measure_name tax allow_to_sell description attributes_choices is_excisable is_age_limited alcocodes alcohol_by_volume alcohol_product_kind_code tare_volume quantity_in_package images store_id user_id created_at updated_at',
  Group: 'id parent_id name barcodes attributes store_id user_id created_at updated_at',
  Picture: 'id url meta created_at updated_at product_id store_id user_id',
  Store: 'id name address user_id created_at updated_at',
}
type Thing = keyof typeof MANUAL

const FILE = readFileSync(
  new URL('../../../docs/platforms/evotor-fields.md', import.meta.url),
  'utf8',
)

/** The table of the page about a thing: field → whether it is read. */
function told(thing: Thing): Map<string, boolean> {
  const [, section = ''] = FILE.split(`## ${thing}\n`)
  const [table = ''] = section.split('\n## ')
  const rows = [...table.matchAll(/^\| (\w+) +\| (yes|no) +\| .*\S.* \|$/gm)]
  return new Map(rows.map(([, field = '', read]) => [field, read === 'yes']))
}

/** Fields that are looked at when a thing is read. */
function looked(thing: Thing): Set<string> {
  const seen = new Set<string>()
  const spied = (fields: object) =>
    new Proxy(fields, {
      get(target, name, receiver): unknown {
        if (typeof name === 'string') seen.add(name)
        return Reflect.get(target, name, receiver)
      },
    })
  if (thing === 'Product') readProduct(spied({ id: '1' }))
  if (thing === 'Group') readGroup(spied({ id: '1' }))
  if (thing === 'Store') readStore(spied({ id: '1' }))
  if (thing === 'Picture')
    readProduct({ id: '1', images: [spied({ id: '1', url: 'https://a.ru/1', meta: {} })] })
  return seen
}

describe.each(Object.keys(MANUAL) as Thing[])('%s', (thing) => {
  test('has a line for every field of the manual, and only for those', () => {
    expect([...told(thing).keys()].sort()).toEqual(MANUAL[thing].split(' ').sort())
  })

  test('is read as its lines say', () => {
    const seen = looked(thing)

    for (const [field, read] of told(thing)) expect([field, seen.has(field)]).toEqual([field, read])
  })
})

test('the simulator sends nothing that has no line', async () => {
  const evotor = await startEvotor()
  try {
    const [user] = evotor.users
    const store = user?.stores[0]?.id ?? ''
    const token = 'till-token'
    evotor.tokens.set(token, { userId: user?.id ?? '', expiresAt: Infinity })
    const list = async (path: string) => {
      const answer = await fetch(`${evotor.url}${path}`, { headers: headersOf(token) })
      return ((await answer.json()) as { items: Record<string, unknown>[] }).items
    }
    const products = await list(`/stores/${store}/products`)
    const things: Record<Thing, Record<string, unknown>[]> = {
      Product: products,
      Group: await list(`/stores/${store}/product-groups`),
      Picture: products.flatMap(({ images }) => (images ?? []) as Record<string, unknown>[]),
      Store: await list('/stores'),
    }

    for (const thing of Object.keys(MANUAL) as Thing[]) {
      const sent = new Set(things[thing].flatMap((one) => Object.keys(one)))
      expect(sent.size, thing).toBeGreaterThan(3)
      expect(
        [...sent].filter((field) => !told(thing).has(field)),
        thing,
      ).toEqual([])
    }
  } finally {
    await evotor.stop()
  }
})

const headersOf = (token: string) => ({
  authorization: `Bearer ${token}`,
  accept: 'application/vnd.evotor.v2+json',
  'content-type': 'application/vnd.evotor.v2+json',
})
