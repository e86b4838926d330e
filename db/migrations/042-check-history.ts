import type { Knex } from 'knex'
import { foldChecks } from './fold-checks.ts'

/** Folding goes in slices, each with its own transaction: a start that is killed goes on where it was. */
export const config = { transaction: false }

const HALVES = 48

/**
 * Of checks are kept the changes, and how many there were each half hour: a row a check was half a megabyte a
 * connection a month. What is there is folded into that.
 */
export async function up(db: Knex) {
  if (!(await db.schema.hasTable('health_checks'))) return // killed after the last step
  if (!(await db.schema.hasTable('check_totals'))) await db.transaction(createTables)
  await foldChecks(db)
  await db.schema.dropTableIfExists('health_checks')
}

/** Only changes come back as checks: the others were like the one before them. */
export async function down(db: Knex) {
  await db.transaction(async (all) => {
    await all.schema.createTable('health_checks', (table) => {
      table.increments()
      table
        .integer('connection_id')
        .notNullable()
        .references('id')
        .inTable('connections')
        .onDelete('CASCADE')
      table.datetime('checked_at').notNullable().index()
      table.string('health', 16).notNullable()
      table.string('reason', 64)
      table.index(['connection_id', 'checked_at'])
    })
    await all.raw(
      'insert into health_checks (connection_id, checked_at, health, reason) ' +
        'select connection_id, changed_at, health, reason from health_changes order by id',
    )
    for (const table of ['health_changes', 'check_counts', 'check_totals'])
      await all.schema.dropTable(table)
  })
}

async function createTables(db: Knex) {
  await db.schema.createTable('health_changes', (table) => {
    table.increments()
    table.integer('connection_id').notNullable()
    table.foreign('connection_id').references('id').inTable('connections').onDelete('CASCADE')
    table.datetime('changed_at').notNullable()
    table.string('health', 16).notNullable()
    table.string('reason', 64)
    table.string('detail', 64)
    table.index(['connection_id', 'id']) // a connection's latest, and those of its page
  })
  await db.raw(`create table check_counts (${COUNTS.join(', ')})${storageOf(db)}`)
  await db.schema.alterTable('check_counts', (table) => {
    table.index('day') // the nightly sweep asks for those past 30 days
  })
  await db.schema.createTable('check_totals', (table) => {
    table.integer('span').notNullable() // five minutes, counted since 1970
    table.string('provider', 64).notNullable()
    table.integer('slot').notNullable() // checks of one platform do not all wait for one row
    table.integer('passed').notNullable()
    table.integer('failed').notNullable()
    table.primary(['span', 'provider', 'slot'])
  })
}

/** A row a connection, day (since 1970, UTC) and verdict: a row an hour would be ten times as large on PostgreSQL. */
const COUNTS = [
  'connection_id integer not null references connections (id) on delete cascade',
  'day integer not null',
  'health varchar(16) not null',
  ...Array.from({ length: HALVES }, (_, half) => `n${half} smallint`),
  'primary key (connection_id, day, health)',
]

/** SQLite keeps the row in its key; PostgreSQL leaves room for the row to be written anew beside itself. */
const storageOf = (db: Knex) =>
  (db.client as { driverName: string }).driverName === 'pg'
    ? ' with (fillfactor = 80)'
    : ' without rowid'
