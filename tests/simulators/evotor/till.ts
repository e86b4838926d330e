import type { Express, Request } from 'express'
import type { Evotor } from '../evotor.ts'
import type { EvotorCatalogue } from './catalogue.ts'
import { tellOfProducts } from './webhooks.ts'
import { tillPage } from './till-page.ts'

/** The shop's side of the demo: a person changes what the till sells and watches the community follow. */
export function addTill(app: Express, evotor: Evotor) {
  const stores = () => evotor.users.flatMap((user) => user.stores)
  const storeOf = (id: unknown) => stores().find((store) => store.id === id) ?? stores()[0]

  app.get('/till', (req, res) => {
    const store = storeOf(req.query.store)
    if (!store) {
      res.redirect(303, '/')
      return
    }
    const { q = '', said = '' } = req.query as Record<string, string>
    const catalogue = evotor.catalogueOf(store.id)
    res.type('html').send(tillPage({ stores: stores(), store, catalogue, q, said }))
  })
  app.post('/till', async (req, res) => {
    const form = (req.body ?? {}) as Record<string, string>
    const store = storeOf(form.store)
    const said = store ? obey(evotor.catalogueOf(store.id), form) : 'Магазина уже нет.'
    if (store) await tellOfProducts(evotor, store.id)
    const back = new URLSearchParams({ store: store?.id ?? '', q: form.q ?? '', said })
    res.redirect(303, `/till?${back.toString()}${anchorOf(req)}`)
  })
}

const anchorOf = ({ body }: Request) => {
  const { id } = (body ?? {}) as Record<string, string>
  return id ? `#p-${encodeURIComponent(id)}` : ''
}

/** Does what a form asks for, and says what was done. */
function obey(catalogue: EvotorCatalogue, form: Record<string, string>): string {
  const { id = '', name = '', group = '' } = form
  const [price, quantity] = [numberOf(form.price), numberOf(form.quantity)]
  if (price === undefined || Number(price) < 0 || quantity === undefined)
    return 'Не сохранили: цена и остаток записываются числом, например 1490,50.'
  if (form.do === 'add') return add(catalogue, { name: name.trim(), group, price, quantity })
  const product = catalogue.products.get(id)
  if (!product) return 'Такого товара уже нет.'
  if (form.do === 'remove') {
    catalogue.remove(id)
    return `Удалили: ${product.name}.`
  }
  if (price !== null) catalogue.setPrice(id, price)
  catalogue.setQuantity(id, quantity ?? undefined)
  return `Сохранили: ${product.name}.`
}

function add(
  catalogue: EvotorCatalogue,
  wanted: { name: string; group: string; price: number | null; quantity: number | null },
): string {
  const { name, group, price, quantity } = wanted
  if (!name) return 'Не добавили: у товара должно быть название.'
  catalogue.put({
    name: name.slice(0, 128),
    ...(catalogue.groups.has(group) && { parent_id: group }),
    ...(price !== null && { price }),
    ...(quantity !== null && { quantity }),
  })
  return `Добавили: ${name}.`
}

/** Null for an empty field, undefined for what is no number. */
function numberOf(text = ''): number | null | undefined {
  const plain = text.replace(/\s/g, '').replace(',', '.')
  if (!plain) return null
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}
