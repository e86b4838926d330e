import { randomBytes } from 'node:crypto'
import type { Context } from '../../../app/context.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { hashOf } from '../../../app/store/hash.ts'
import { labels } from '../../../app/store/sealed-columns.ts'
import { item } from '../../../tests/support/catalogue/rows.ts'
import { fill, insertAll } from './rows.ts'
import { OWNER, type Sizes } from './sizes.ts'

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS
const PHOTOS = 500
const PHOTO_BYTES = 100_000

/** The owner of much has the first link: all its runs, products, a draft and a run of all of them; others have some. */
export async function seedGoods(
  { db, vault }: Context,
  { users, runs, products }: Sizes,
): Promise<void> {
  const links = users / 20
  const settings = JSON.stringify(readSettings({}))
  await insertAll(db, 'sync_links', links, (index) => {
    const userId = OWNER + index
    const key = randomBytes(24).toString('base64url')
    return {
      user_id: userId,
      ...{ source: 'evotor', store_id: `store-${index}`, store_name: 'Цветы у дома' },
      ...{ target: 'vk', community_id: String(index), community_name: 'Цветы', settings },
      community_url: 'https://vk.com/club1',
      sealed_feed_key: vault.seal(key, labels.feedKey(userId)),
      feed_hash: hashOf(key),
      next_run_at: new Date(Date.now() + (index - links / 50) * 1000),
      trouble: index % 10 === 9 ? 'token_revoked' : null,
      created_at: new Date(),
    }
  })
  const many = runs + links * 20
  await fill(db, 'sync_runs', many, ({ ago }) => ({
    link_id: `case when i <= ${runs} then 1 else 2 + i % ${links - 1} end`,
    state: "case when i % 10 = 0 then 'failed' else 'done' end",
    ...{ origin: "'schedule'", whole: 'i % 2 = 0', stage: "'sending'", link_revision: '1' },
    ...{ products: String(products), total: '3', updated: '3', digest: "'c41b'" },
    created_at: ago(`i % 8640 * 900000.0`),
    finished_at: ago(`i % 8640 * 900000.0`),
  }))
  await fill(db, 'sync_steps', many * 3, () => ({
    ...stepColumns('update'),
    run_id: `1 + i % ${many}`,
    place: `i / ${many}`,
    code: "case when i % 9 = 0 then 'target_refused' end",
    state: "case when i % 9 = 0 then 'failed' else 'done' end",
  }))
  await addWhole(db, many + 1, { products, state: 'done' })
  await addWhole(db, many + 2, { products, state: 'draft' })
  await addWaiting(db, many + 2, links)
  await fill(db, 'sync_items', products + links * 20, () => ({
    link_id: `case when i <= ${products} then 1 else 2 + i % ${links - 1} end`,
    product_id: "'product-' || i",
    product: `'${JSON.stringify(productOf())}'`,
    misses: '0',
    item_id: 'case when i % 10 > 0 then cast(1000 + i as text) end',
  }))
  await insertAll(db, 'sync_photos', PHOTOS, (index) => ({
    user_id: OWNER,
    name: `роза-${index}.jpg`,
    hash: hashOf(`photo-${index}`),
    ...{ width: 800, height: 800, jpeg: randomBytes(PHOTO_BYTES), created_at: new Date() },
  }))
}

const productOf = () => ({
  ...{ id: 'product', name: 'Роза красная, 60 см', service: false, unit: 'шт', price: 15_000 },
  ...{ sellable: true, description: 'Свежая роза из Эквадора', choices: {} },
})

const stepColumns = (action: 'create' | 'update') => ({
  product_id: "'product-' || i",
  action: `'${action}'`,
  body: `'${JSON.stringify({
    ...{ action, name: 'Роза красная, 60 см', fields: ['price'], item: item() },
    ...(action === 'update' && { itemId: '1' }),
  }).slice(0, -1)},"productId":"product-' || i || '"}'`,
  placed: 'i > 0',
})

/** A run of all products of the first link. */
async function addWhole(
  db: Context['db'],
  id: number,
  { products, state }: { products: number; state: string },
) {
  await fill(db, 'sync_runs', 1, ({ ago }) => ({
    ...{ link_id: '1', state: `'${state}'`, origin: "'manual'", whole: 'i = 1' },
    ...{ stage: "'sending'", link_revision: '1', products: String(products), digest: "'c41b'" },
    ...{ total: String(products), created: String(products) },
    created_at: ago('60000'),
    finished_at: state === 'draft' ? 'null' : ago('1000'),
  }))
  await fill(db, 'sync_steps', products, () => ({
    ...stepColumns('create'),
    run_id: String(id),
    place: 'i',
    state: state === 'draft' ? "'pending'" : "case when i % 20 = 0 then 'failed' else 'done' end",
    code: state === 'draft' ? 'null' : "case when i % 20 = 0 then 'target_refused' end",
  }))
}

/** Half of the other links wait for their turn, or rest because their platform does. */
async function addWaiting(db: Context['db'], after: number, links: number) {
  await fill(db, 'sync_runs', Math.floor(links / 2), ({ ago }) => ({
    ...{ link_id: '1 + i', active_link_id: '1 + i', origin: "'schedule'", whole: 'i % 2 = 0' },
    state: "case when i % 2 = 0 then 'queued' else 'paused' end",
    ...{ stage: "'source'", link_revision: '1' },
    resume_at: `case when i % 2 = 1 then ${ago(String(-HOUR_MS))} end`,
    paused_at: `case when i % 2 = 1 then ${ago(String(DAY_MS))} end`,
    created_at: ago(String(after)),
  }))
}
