import { createHash } from 'node:crypto'
import type { Knex } from 'knex'

interface Row {
  id: number
  link_id: number
  product_id: string
  community_id: string
}

/** A card belongs to one pair: it holds the ending by which the card is known in its community. */
export async function up(db: Knex) {
  await db.schema.createTable('sync_holds', (table) => {
    table.increments()
    table.string('community_id', 128).notNullable()
    table.string('ending', 12).notNullable()
    table.integer('link_id').notNullable().index() // a pair gives up what it no longer carries
    table.foreign('link_id').references('id').inTable('sync_links').onDelete('CASCADE')
    table.unique(['community_id', 'ending'])
  })
  await holdWhatIsThere(db)
}

/** Where two pairs have fought over a card, it is the older one's. */
async function holdWhatIsThere(db: Knex) {
  const links = await db('sync_links').select<Row[]>('id', 'community_id').orderBy('id')
  for (const { id: link_id, community_id } of links)
    for (let after = 0; ;) {
      const rows = await db('sync_items')
        .select<Row[]>('id', 'product_id')
        .where({ link_id })
        .whereNotNull('item_id')
        .where('id', '>', after)
        .orderBy('id')
        .limit(200)
      const last = rows.at(-1)
      if (!last) break
      const holds = rows.map(({ product_id }) => ({
        ...{ link_id, community_id },
        ending: endingOf(product_id),
      }))
      await db('sync_holds').insert(holds).onConflict(['community_id', 'ending']).ignore()
      after = last.id
    }
}

/** The first 12 hex digits of a product's id; of the id's hash when it is no such number. */
function endingOf(productId: string): string {
  const digits = productId.replaceAll('-', '').toLowerCase()
  const hash = () => createHash('sha256').update(productId).digest('hex')
  return (/^[0-9a-f]{12,}$/.test(digits) ? digits : hash()).slice(0, 12)
}

export async function down(db: Knex) {
  await db.schema.dropTable('sync_holds')
}
