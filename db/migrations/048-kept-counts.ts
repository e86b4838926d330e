import type { Knex } from 'knex'

/**
 * How many connections of a platform are in which state, kept by the database itself, whatever way a row comes, changes
 * or goes. Sixteen rows a count: writers of one moment seldom meet in one.
 */
export async function up(db: Knex) {
  await db.schema.createTable('connection_counts', (table) => {
    table.string('provider', 64).notNullable()
    table.string('health', 16).notNullable()
    table.integer('shard').notNullable()
    table.integer('count').notNullable()
    table.primary(['provider', 'health', 'shard'])
  })
  for (const statement of isPostgres(db) ? POSTGRES : SQLITE) await db.raw(statement)
  await db.raw(`insert into connection_counts (provider, health, shard, count)
    select provider, health, id % 16, count(*) from connections group by provider, health, id % 16`)
}

export async function down(db: Knex) {
  for (const name of ['come', 'changed', 'gone'])
    await db.raw(`drop trigger connections_${name}${isPostgres(db) ? ' on connections' : ''}`)
  if (isPostgres(db)) await db.raw('drop function count_connections()')
  await db.schema.dropTable('connection_counts')
}

const isPostgres = (db: Knex) => (db.client as { driverName: string }).driverName === 'pg'

const ADD = 'insert into connection_counts (provider, health, shard, count)'
const SUM =
  'on conflict (provider, health, shard) do update set count = connection_counts.count + excluded.count'
const COME = `${ADD} values (new.provider, new.health, new.id % 16, 1) ${SUM};`
const GONE = `${ADD} values (old.provider, old.health, old.id % 16, -1) ${SUM};`

const SQLITE = [
  `create trigger connections_come after insert on connections begin ${COME} end`,
  `create trigger connections_changed after update of health, provider on connections
     when old.health <> new.health or old.provider <> new.provider begin ${GONE} ${COME} end`,
  `create trigger connections_gone after delete on connections begin ${GONE} end`,
]

/** Both rows of a change in one order: two that change in opposite directions would wait for each other. */
const CHANGED = `${ADD}
  select provider, health, new.id % 16, n from (values (old.provider, old.health, -1), (new.provider, new.health, 1))
    as turn (provider, health, n) order by provider, health ${SUM};`

const POSTGRES = [
  `create function count_connections() returns trigger language plpgsql as $$ begin
     if tg_op = 'INSERT' then ${COME} elsif tg_op = 'DELETE' then ${GONE} else ${CHANGED} end if;
     return null;
   end $$`,
  `create trigger connections_come after insert on connections for each row execute function count_connections()`,
  `create trigger connections_changed after update of health, provider on connections for each row
     when (old.health <> new.health or old.provider <> new.provider) execute function count_connections()`,
  `create trigger connections_gone after delete on connections for each row execute function count_connections()`,
]
