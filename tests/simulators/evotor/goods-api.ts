import type { Express, Request, Response } from 'express'
import type { Evotor, EvotorUser } from '../evotor.ts'
import { admit, callerOf } from './callers.ts'
import type { EvotorGroup, EvotorProduct } from './catalogue.ts'
import { pictureOf } from './pictures.ts'

interface Shelved {
  storeId: string
  user: EvotorUser
}

/** Stores, groups, products and pictures of the cloud API, as the manual tells them. */
export function addGoodsApi(app: Express, evotor: Evotor) {
  app.get('/stores', (req, res) => {
    const user = admit(req, res, evotor)
    if (!user) return
    const stores = new Map(user.stores.map((store) => [store.id, store]))
    sendPage(req, res, evotor, [...stores.keys()], (id) => ({
      ...stores.get(id),
      user_id: user.id,
      ...stamps(STORE_MADE),
    }))
  })
  app.get('/stores/:store/product-groups', (req, res) => {
    const shelved = admitTo(req, res, evotor)
    if (!shelved) return
    const { groups } = evotor.catalogueOf(shelved.storeId)
    sendPage(req, res, evotor, [...groups.keys()], (id) => {
      const group = groups.get(id)
      return group && groupJson(group, shelved)
    })
  })
  app.get('/stores/:store/products', (req, res) => {
    const shelved = admitTo(req, res, evotor)
    if (!shelved) return
    const { products } = evotor.catalogueOf(shelved.storeId)
    const since = Number(req.query.since ?? 0)
    const changed = () => [...products.values()].filter((product) => product.updated_at >= since)
    const ids = req.query.cursor ? [] : changed().map(({ id }) => id)
    sendPage(req, res, evotor, ids, (id) => {
      const product = products.get(id)
      return product && productJson(product, shelved, evotor)
    })
  })
  app.get('/stores/:store/products/:product', (req, res) => {
    const shelved = admitTo(req, res, evotor)
    if (!shelved) return
    const product = evotor.catalogueOf(shelved.storeId).products.get(req.params.product)
    if (product) res.json(productJson(product, shelved, evotor))
    else res.status(404).json({})
  })
  app.get('/stores/:store/products/:product/images', (req, res) => {
    const shelved = admitTo(req, res, evotor)
    if (!shelved) return
    const product = evotor.catalogueOf(shelved.storeId).products.get(req.params.product)
    if (!evotor.images) res.status(403).json({ code: 'forbidden' })
    else if (!product) res.status(404).json({})
    else res.json({ items: imagesJson(product, shelved, evotor), paging: {} })
  })
  app.get('/pictures/:name.png', async (req, res) => {
    const odd = evotor.pictures.get(req.params.name)
    if (!callerOf(req, evotor)) res.status(401).send('')
    else if (!evotor.images) res.status(403).send('')
    else if (odd)
      res
        .status(odd.status ?? 200)
        .type(odd.type ?? 'png')
        .send(odd.body)
    else res.type('png').send(await pictureOf(req.params.name))
  })
}

/** The store, if it is the caller's; otherwise 404, or 402 when the application is not on all of its terminals. */
function admitTo(req: Request, res: Response, evotor: Evotor): Shelved | undefined {
  const user = admit(req, res, evotor)
  const storeId = String(req.params.store)
  if (!user) return undefined
  if (!user.stores.some(({ id }) => id === storeId)) res.status(404).json({})
  else if (evotor.blockedStores.has(storeId))
    res.status(402).json({ message: `Not Installed: ${storeId}` })
  else return { storeId, user }
  return undefined
}

/** One page and the way on. `since` beside a cursor is refused, and so is a cursor that is not known. */
function sendPage(
  req: Request,
  res: Response,
  evotor: Evotor,
  ids: readonly string[],
  json: (id: string) => object | undefined,
) {
  const { cursor } = req.query as Record<string, string | undefined>
  const { cursors, pageSize } = evotor
  const place = cursor === undefined ? cursors.begin(req.path, ids) : cursors.find(cursor, req.path)
  if (!place || (cursor !== undefined && Object.keys(req.query).length > 1)) {
    res.status(400).json({ code: 'validation_failed', message: 'cursor', violations: [] })
    return
  }
  if (place.pages >= evotor.failAfterPages) {
    res.status(500).json({})
    return
  }
  const end = place.from + pageSize
  const items = place.items.slice(place.from, end).flatMap((id) => json(id) ?? [])
  const more = end < place.items.length
  const next = more ? cursors.keep({ ...place, from: end, pages: place.pages + 1 }) : undefined
  const next_cursor = evotor.repeatCursor ? (cursor ?? next) : next
  res.set({
    'X-RateLimit-Limit': '100',
    'X-RateLimit-Remaining': '99',
    'X-RateLimit-Reset': '60',
  })
  res.json({ items, paging: { ...(next_cursor && { next_cursor }) } })
}

const STORE_MADE = Date.UTC(2025, 0, 1, 10)

function groupJson({ updated_at, parent_id, ...group }: EvotorGroup, { storeId, user }: Shelved) {
  return {
    ...group,
    parent_id: parent_id ?? null,
    barcodes: [],
    store_id: storeId,
    user_id: user.id,
    ...stamps(updated_at),
  }
}

function productJson(product: EvotorProduct, shelved: Shelved, evotor: Evotor) {
  const { updated_at, picture, quantity, price, ...plain } = product
  const told = evotor.quantities && plain.type !== 'SERVICE'
  return {
    ...plain,
    barcodes: [],
    price,
    ...(told && { quantity, cost_price: Math.round((price ?? 0) * 60.07) / 100 }),
    tax: 'NO_VAT',
    is_excisable: false,
    ...(evotor.images && picture && { images: imagesJson(product, shelved, evotor) }),
    store_id: shelved.storeId,
    user_id: shelved.user.id,
    ...stamps(updated_at),
  }
}

function imagesJson({ id, picture }: EvotorProduct, { storeId, user }: Shelved, evotor: Evotor) {
  if (!picture) return []
  return [
    {
      id: picture,
      product_id: id,
      store_id: storeId,
      user_id: user.id,
      url: `${evotor.picturesAt || evotor.url}/pictures/${encodeURIComponent(picture)}.png`,
      meta: { extension: 'png', width: 300, height: 300 },
      ...stamps(STORE_MADE),
    },
  ]
}

/** No colon in the offset. */
const stamps = (updated: number) => ({
  created_at: stampOf(STORE_MADE),
  updated_at: stampOf(updated),
})

const stampOf = (ms: number) => new Date(ms).toISOString().replace('Z', '+0000')
