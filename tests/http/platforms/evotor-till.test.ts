import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { startEvotor } from '../../support/simulators.ts'

const SHOP = '20250101-AAAA-4000-8000-000000000001'

test('at the till a person changes a price, adds a product and deletes one', async () => {
  const { evotor, shop, send, page } = await open()
  const [first, second] = [...shop.products.values()]
  const before = first?.updated_at ?? 0

  await send({ do: 'save', id: first?.id ?? '', price: '1 990,50', quantity: '-3' })
  await send({ do: 'remove', id: second?.id ?? '' })
  const said = await send({ do: 'add', name: 'Астра', group: '', price: '75', quantity: '' })

  expect(shop.find(first?.id ?? '')).toMatchObject({ price: 1990.5, quantity: -3 })
  expect(shop.find(first?.id ?? '').updated_at).toBeGreaterThan(before)
  expect(shop.products.has(second?.id ?? '')).toBe(false)
  const added = [...shop.products.values()].at(-1)
  expect(added).toMatchObject({ name: 'Астра', price: 75 })
  expect(added).not.toHaveProperty('quantity')
  expect(said).toContain('Добавили: Астра.')
  expect((await page()).querySelectorAll('li')).toHaveLength(130)
  expect(parse(await (await fetch(evotor.url)).text()).querySelector('a')?.text).toBe('Товары')
})

test.each(['даром', '-1', '1e5', '1,2,3'])('the price %j is refused with words', async (price) => {
  const { shop, send } = await open()
  const [first] = [...shop.products.values()]

  const said = await send({ do: 'save', id: first?.id ?? '', price, quantity: '1' })

  expect(said).toContain('Не сохранили')
  expect(shop.find(first?.id ?? '')).toEqual(first)
})

test('whatever a person writes is shown as they wrote it', async () => {
  const { shop, send, page } = await open()
  const name = `<img src=x onerror=alert(1)> & "Tom's"`

  await send({ do: 'add', name, price: '1', quantity: '1' })
  const html = await page(`&q=${encodeURIComponent(name)}`)

  expect([...shop.products.values()].at(-1)?.name).toBe(name)
  expect(html.querySelectorAll('img')).toEqual([])
  expect(html.querySelector('li .name')?.text).toContain(name)
  expect(html.querySelector('[type=search]')?.attributes.value).toBe(name)
})

async function open() {
  const evotor = await startEvotor()
  const till = `${evotor.url}/till`
  return {
    evotor,
    shop: evotor.catalogueOf(SHOP),
    page: async (more = '') => parse(await (await fetch(`${till}?store=${SHOP}${more}`)).text()),
    /** What the page says after a form was sent. */
    send: async (form: Record<string, string>) => {
      const body = new URLSearchParams({ store: SHOP, ...form })
      return await (await fetch(till, { method: 'POST', body })).text()
    },
  }
}
