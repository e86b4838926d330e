import sharp from 'sharp'
import { manyProducts } from '../../tests/simulators/evotor/catalogue.ts'
import { startEvotor } from '../../tests/simulators/evotor.ts'
import { FLOWERS } from '../../tests/simulators/vk/categories.ts'
import { MARINA, startVk } from '../../tests/simulators/vk.ts'

/** A till with many products and a strict VK, in a process of their own: their memory is not the application's. */
const [products = 2000, pace = 3, latencyMs = 150] = process.argv.slice(2).map(Number)
/** Every tenth product has a picture at the till; the others share the owner's. */
const PICTURED = 10
const DAY_MS = 24 * 3600_000

const [evotor, vk] = await Promise.all([startEvotor(), startVk()])
Object.assign(vk, { perSecond: pace, latencyMs, keepJournal: false, keepPhotos: false })
const [owner] = evotor.users
const [store] = owner?.stores ?? []
const community = [...vk.communities.values()].find(({ market }) => market)
if (!owner || !store || !community) throw new Error('nothing to carry, or nowhere')

const till = evotor.catalogueOf(store.id)
till.fill(manyProducts(products))
for (const [index, product] of [...till.products.values()].entries())
  if (index % PICTURED === 0) product.picture = `flower-${index}`
evotor.tokens.set('till', { userId: owner.id, expiresAt: Date.now() + DAY_MS })

function reprice(most: number) {
  for (const { id, price = 0 } of [...till.products.values()].slice(0, most))
    till.setPrice(id, price + 7)
}

const ask: Record<string, () => unknown> = {
  figures: () => ({
    requests: vk.requestsMade,
    tooFast: vk.tooFast,
    cards: community.items.size,
    byMethod: Object.fromEntries(vk.made),
  }),
  'all prices': () => {
    reprice(Infinity)
  },
  'one price': () => {
    reprice(1)
  },
}
process.on('message', (name: string) => process.send?.(ask[name]?.() ?? 'done'))
evotor.asked.length = 0
process.send?.({
  env: { ...evotor.variables(), ...vk.variables() },
  tokens: { evotor: 'till', vk: vk.grant(MARINA.id, 'market groups photos offline') },
  accounts: { evotor: owner.id, vk: String(MARINA.id) },
  categoryId: FLOWERS,
  photo: (await picture()).toString('base64'),
  route: {
    source: evotor.key,
    target: vk.key,
    storeId: store.id,
    storeName: store.name,
    communityId: String(community.id),
    communityName: community.name,
    communityUrl: `https://vk.com/${community.screenName}`,
  },
})

/** As large as one from a telephone becomes; grain, so that it does not pack to nothing. */
function picture(): Promise<Buffer> {
  const create = { width: 1280, height: 960, channels: 3 as const, background: '#d02020' }
  const grain = { type: 'gaussian' as const, mean: 128, sigma: 8 }
  return sharp({ create: { ...create, noise: grain } })
    .jpeg({ quality: 85 })
    .toBuffer()
}
