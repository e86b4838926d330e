import type { Knex } from 'knex'
import { dropColumns } from '../drop-columns.ts'

/** What is to be told outside of the pages: letters still to be written, outages of platforms, webhooks. */
export async function up(db: Knex) {
  await db.schema.alterTable('notices', (table) => {
    table.integer('count') // connections it concerns, where it is an administrator's
    table.datetime('told_at') // null: a letter is still to be written
    table.string('teller', 64)
    table.datetime('tell_until')
    table.integer('tries').notNullable().defaultTo(0)
    table.index(['told_at', 'user_id']) // what is still to be told, by owner
  })
  await db('notices').update({ told_at: db.ref('created_at') }) // what is past needs no letter

  await db.schema.createTable('platform_outages', (table) => {
    table.string('provider', 64).primary()
    table.string('code', 64).notNullable()
    table.integer('hit').notNullable()
    table.datetime('began_at').notNullable()
    table.datetime('ended_at')
  })

  await db.schema.createTable('webhooks', (table) => {
    table.increments()
    table.integer('user_id').notNullable().unique() // one a person
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.text('url').notNullable()
    table.text('sealed_secret').notNullable()
    table.boolean('enabled').notNullable()
    table.string('sender', 64) // one instance sends for it at a time
    table.datetime('sending_until')
    table.datetime('failing_since')
    table.datetime('switched_off_at') // by us, after days of failures
    table.datetime('created_at').notNullable()
  })

  await db.schema.createTable('webhook_deliveries', (table) => {
    table.increments()
    table.integer('webhook_id').notNullable()
    table.foreign('webhook_id').references('id').inTable('webhooks').onDelete('CASCADE')
    table.string('key', 36).notNullable() // what the receiver tells repetitions by
    table.string('event', 64).notNullable()
    table.text('payload').notNullable()
    table.string('status', 16).notNullable()
    table.integer('attempts').notNullable()
    table.datetime('next_attempt_at')
    table.string('claimed_by', 64)
    table.datetime('claimed_until')
    table.integer('response_status')
    table.string('error', 64)
    table.datetime('created_at').notNullable()
    table.datetime('delivered_at')
    table.index(['status', 'next_attempt_at']) // the job asks for what is due
    table.index(['webhook_id', 'id']) // the log of one webhook, newest first
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('webhook_deliveries')
  await db.schema.dropTable('webhooks')
  await db.schema.dropTable('platform_outages')
  await db.schema.alterTable('notices', (table) => {
    table.dropIndex(['told_at', 'user_id'])
  })
  await dropColumns(db, 'notices', 'count', 'told_at', 'teller', 'tell_until', 'tries')
}
