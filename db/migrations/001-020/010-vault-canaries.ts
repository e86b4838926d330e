import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('vault_canaries', (table) => {
    table.string('key_id', 32).primary()
    table.text('sealed').notNullable()
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('vault_canaries')
}
