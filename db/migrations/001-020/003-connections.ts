import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('connections', (table) => {
    table.increments()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('provider', 64).notNullable()
    table.text('account_id') // whatever length a platform gives it
    table.text('account_name')
    table.text('profile').notNullable()
    table.text('sealed_tokens').notNullable()
    table.boolean('renewable').notNullable()
    table.text('scope')
    table.datetime('expires_at')
    table.datetime('refresh_expires_at')
    table.boolean('is_online').notNullable()
    table.string('health', 16).notNullable()
    table.string('reason', 64)
    table.string('detail', 64)
    table.datetime('last_checked_at')
    table.datetime('last_online_at')
    table.datetime('next_check_at')
    table.string('check_owner', 64)
    table.datetime('check_until')
    table.datetime('connected_at').notNullable()
    table.datetime('updated_at').notNullable()
    table.integer('revision').notNullable()
    table.string('lease_owner', 64)
    table.datetime('lease_until')
    table.datetime('refresh_due_at')
    table.datetime('refresh_after')
    table.integer('failed_checks').notNullable()
    table.string('incident', 64)
    table.datetime('incident_at')
    table.unique(['user_id', 'provider'])
    table.index(['provider', 'last_checked_at']) // the tick asks each platform for what is due
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('connections')
}
