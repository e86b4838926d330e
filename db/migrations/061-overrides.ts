import type { Knex } from 'knex'

/** What owners have set for a product by hand: it belongs to the till's product, as its photos do, whichever pairs carry it. */
export async function up(db: Knex) {
  await db.schema.createTable('sync_overrides', (table) => {
    table.increments()
    table.integer('user_id').notNullable()
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.string('source', 64).notNullable()
    table.string('store_id', 128).notNullable()
    table.string('product_id', 128).notNullable()
    table.text('title')
    table.text('description')
    table.bigInteger('old_price') // kopecks
    table.boolean('aside').notNullable().defaultTo(false) // not to be carried
    table.datetime('act_at') // of the last change of many at once, where this was one of them
    table.boolean('aside_before')
    table.unique(['user_id', 'source', 'store_id', 'product_id'])
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('sync_overrides')
}
