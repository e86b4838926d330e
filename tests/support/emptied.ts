import type { Db } from '../../app/store/db.ts'

/** What a fresh copy of the template looks like. */
export interface Template {
  /** Tables that have rows. */
  kept: readonly string[]
  /** Sequences that have been asked. */
  counters: readonly string[]
  fingerprint: string
}

export async function lookAt(db: Db): Promise<Template> {
  const kept = []
  for (const table of await names(db, "relkind = 'r'"))
    if (await db(table).first(db.raw('1'))) kept.push(table)
  const asked = "case when relkind = 'S' then pg_sequence_last_value(oid) is not null end"
  return { kept, counters: await names(db, asked), fingerprint: await fingerprintOf(db, kept) }
}

/**
 * Gives a copy of the template back as it was made: no rows, counters at their start, nobody in it. False when it is to
 * be thrown away: its structure or a row of the template is not what it was, or a table has outgrown what is planned for
 * like an empty one. Processes that are `idle` serve nobody, and stay.
 */
export async function empty(
  db: Db,
  { kept, counters, fingerprint }: Template,
  idle: readonly number[] = [],
): Promise<boolean> {
  await db.raw(`do $$ declare statement text; begin
    perform pg_terminate_backend(pid, case when state = 'idle' then 0 else ${PATIENCE_MS} end)
      from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and not pid = any (array[${idle.join()}]::int[]);
    set local session_replication_role = replica; -- in whatever order, without a look at who refers to whom
    for statement in select format('delete from %I', relname) from pg_class
      where relkind = 'r' and ${OURS} and not relname = any (${list(kept)})
      loop execute statement; end loop;
    perform setval(seqrelid, seqstart, false) from pg_sequence join pg_class on oid = seqrelid
      where ${OURS} and not relname = any (${list(counters)});
  end $$`)
  return (await fingerprintOf(db, kept)) === fingerprint
}

const PATIENCE_MS = 5_000
const OURS = "relnamespace = 'public'::regnamespace"

const list = (of: readonly string[]) => `array['${of.join("','")}']`

async function names(db: Db, where: string): Promise<string[]> {
  const query = `select relname as name from pg_class where ${OURS} and ${where} order by 1`
  const { rows } = await db.raw<{ rows: { name: string }[] }>(query)
  return rows.map(({ name }) => name)
}

/** A statement that changes a structure leaves a row in one of these. */
const CATALOGUES = ['attribute', 'attrdef', 'constraint', 'index', 'trigger', 'proc', 'type']
/** Less than ten pages that nobody has counted the rows of are planned for as ten. */
const SMALL_BYTES = 9 * 8192

async function fingerprintOf(db: Db, kept: readonly string[]): Promise<string> {
  const parts = [
    ...CATALOGUES.map((of) => `select count(*) || ':' || max(xmin::text::bigint) from pg_${of}`),
    ...kept.map((table) => `select string_agg(one::text, ';') from "${table}" one`),
    `select string_agg(concat_ws(':', oid, relname, relfilenode, relpages, relacl,
       pg_relation_size(oid) > ${SMALL_BYTES}), ';' order by oid) from pg_class where ${OURS}`,
    `select count(*)::text from pg_namespace`,
    `select count(*)::text from pg_db_role_setting join pg_database on oid = setdatabase
       where datname = current_database()`,
  ]
  const { rows } = await db.raw<{ rows: [{ fingerprint: string }] }>(
    `select concat_ws('|', ${parts.map((part) => `(${part})`).join()}) as fingerprint`,
  )
  return rows[0].fingerprint
}
