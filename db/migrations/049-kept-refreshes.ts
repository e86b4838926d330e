import type { Knex } from 'knex'

/** Refreshes by platform and hour since 1970, kept as the journal is written: a day of it would be read for two figures. */
export async function up(db: Knex) {
  await db.schema.createTable('refresh_counts', (table) => {
    table.integer('hour').notNullable()
    table.string('provider', 64).notNullable()
    table.string('event', 64).notNullable()
    table.integer('shard').notNullable() // writers of one moment seldom meet in one row
    table.integer('count').notNullable()
    table.primary(['hour', 'provider', 'event', 'shard']) // figures begin with the hour, and so does the sweep
  })
  for (const statement of isPostgres(db) ? POSTGRES : SQLITE) await db.raw(statement)
}

export async function down(db: Knex) {
  for (const name of ['counted', 'moved'])
    await db.raw(`drop trigger events_${name}${isPostgres(db) ? ' on events' : ''}`)
  if (isPostgres(db)) await db.raw('drop function count_refreshes()')
  await db.schema.dropTable('refresh_counts')
}

const isPostgres = (db: Knex) => (db.client as { driverName: string }).driverName === 'pg'

const count = (row: 'old' | 'new', hour: string, by: 1 | -1) =>
  `insert into refresh_counts (hour, provider, event, shard, count)
   values (${hour}, coalesce(${row}.provider, ''), ${row}.event, ${row}.id % 16, ${by})
   on conflict (hour, provider, event, shard) do update set count = refresh_counts.count + excluded.count;`
const WHICH = "new.event in ('refreshed', 'refresh_failed')"

/** An entry that is deleted was counted all the same; one that is said to be of another hour counts there. */
const sqlite = (row: 'old' | 'new', by: 1 | -1) => count(row, `${row}.at / 3600000`, by)
const SQLITE = [
  `create trigger events_counted after insert on events when ${WHICH} begin ${sqlite('new', 1)} end`,
  `create trigger events_moved after update of at on events when ${WHICH}
     begin ${sqlite('old', -1)} ${sqlite('new', 1)} end`,
]

const postgres = (row: 'old' | 'new', by: 1 | -1) =>
  count(row, `floor(extract(epoch from ${row}.at) / 3600)`, by)
const POSTGRES = [
  `create function count_refreshes() returns trigger language plpgsql as $$ begin
     if tg_op = 'UPDATE' then ${postgres('old', -1)} end if;
     ${postgres('new', 1)} return null; end $$`,
  `create trigger events_counted after insert on events for each row when (${WHICH})
     execute function count_refreshes()`,
  `create trigger events_moved after update of at on events for each row when (${WHICH})
     execute function count_refreshes()`,
]
