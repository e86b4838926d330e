import type { Knex } from 'knex'

/** An owner's photos of a product, in their order: they belong to the till's product, whichever pairs carry it. */
export async function up(db: Knex) {
  await db.schema.createTable('sync_good_photos', (table) => {
    table.increments()
    table.integer('user_id').notNullable()
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.string('source', 64).notNullable()
    table.string('store_id', 128).notNullable()
    table.string('product_id', 128).notNullable()
    table.integer('place').notNullable()
    table.integer('photo_id').notNullable()
    table.foreign('photo_id').references('id').inTable('sync_photos').onDelete('CASCADE')
    table.unique(['user_id', 'source', 'store_id', 'product_id', 'photo_id'])
    table.index('photo_id') // whether anybody uses it, and when it goes
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('sync_good_photos')
}
