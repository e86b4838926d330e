import type { Knex } from 'knex'

/** How each product of a pair stands in the window, as a person looks for it: kept by whoever has compared the two. */
export async function up(db: Knex) {
  await db.schema.createTable('sync_goods', (table) => {
    table.increments()
    table.integer('link_id').notNullable()
    table.foreign('link_id').references('id').inTable('sync_links').onDelete('CASCADE')
    table.string('product_id', 128).notNullable()
    table.string('name', 255).notNullable() // in small letters, to be sorted by
    table.text('words').notNullable() // name, article and code in small letters, to be searched in
    table.string('group_id', 128)
    table.bigInteger('price').notNullable() // kopecks; 0 where there is none
    table.string('state', 16).notNullable()
    table.string('code', 64) // why
    table.text('code_values')
    table.text('card') // what shows in the window
    table.unique(['link_id', 'product_id'])
    table.index(['link_id', 'id'])
    table.index(['link_id', 'name', 'id'])
    table.index(['link_id', 'price', 'id'])
    table.index(['link_id', 'state', 'code']) // counted, and looked for by both
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('sync_goods')
}
