import { createRequire } from 'node:module'
import type { DatabaseConfig } from '../../app/config/database.ts'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import type { Said } from './heard-statements.ts'

/** Gives what a statement reads from end to end, as the engine means to carry it out: tables, or too broad a search of one. */
export interface Planner {
  scansOf: (said: Said) => Promise<string[]>
  close: () => void
}

const PLANNED = /^\s*(select|insert|update|delete|with)\b/i

/** A planner of either engine; what PostgreSQL does with small tables only it may not, unless they are `large`. */
export async function openPlanner(config: DatabaseConfig, large = false): Promise<Planner> {
  const { scansOf, close } =
    config.client === 'sqlite' ? ofSqlite(config.file) : await ofPostgres(config.url, large)
  return { scansOf: async (said) => (PLANNED.test(said.sql) ? await scansOf(said) : []), close }
}

/** Words that very many rows have in common: whoever searches by these alone reads very many rows. */
const COMMON = /^(provider|state|status|event|kind|health|action|enabled|told_at|closed_at)=\?$/
/** Indexes of what is under way: few rows, however large the table. */
const QUEUES = [
  ...['connections_resting', 'sync_runs_active', 'sync_runs_under_way', 'sync_steps_unsettled'],
]
/** What was never checked is the beginning of its queue. */
const BEGINNINGS = ['connections_due']

function ofSqlite(file: string): Planner {
  const database = openSqlite(file, { readonly: true })
  return {
    scansOf({ sql }) {
      const values = Array<null>(sql.split('?').length - 1).fill(null)
      const steps = database.prepare(`explain query plan ${sql}`).all(values) as Step[]
      return Promise.resolve(
        steps.flatMap(({ detail }) => [...broadIn(detail, sql), ...sortedIn(detail, sql)]),
      )
    },
    close() {
      database.close()
    },
  }
}

interface Step {
  detail: string
}

/** `SCAN events`, `SEARCH events USING INDEX events_of_kind (event=?)`: sqlite.org/eqp.html. */
function broadIn(detail: string, sql: string): string[] {
  const [, whole, by = ''] = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail) ?? []
  if (whole !== undefined) return QUEUES.includes(by) ? [] : [whole]
  const searched = /^SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \((.*)\)$/.exec(detail)
  const [, table = '', index = '', terms = ''] = searched ?? []
  const isCommon = (term: string) =>
    COMMON.test(term) || (isNull(term, sql) && !BEGINNINGS.includes(index))
  const isBroad = terms !== '' && terms.split(' AND ').every(isCommon)
  return isBroad && !QUEUES.includes(index) ? [`${table} by ${terms}`] : []
}

/** A plan names what is null as it names what is equal; of a unique column SQLite takes it to be one row. */
const isNull = (term: string, sql: string) =>
  sql.includes(`\`${term.replace(/=\?$/, '')}\` is null`)

/** The first few of what has to be sorted first are all of it. */
const sortedIn = (detail: string, sql: string) =>
  /^USE TEMP B-TREE FOR (ORDER|GROUP) BY$/.test(detail) && / limit /i.test(sql) ? ['sorts'] : []

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Total Cost': number
  Plans?: Node[]
}

interface Client {
  connect(): Promise<void>
  end(): Promise<void>
  query(text: string, values?: unknown[]): Promise<{ rows: { 'QUERY PLAN': [{ Plan: Node }] }[] }>
}
const { Client } = createRequire(import.meta.url)('pg') as {
  Client: new (config: { connectionString: string }) => Client
}

/** PostgreSQL's own measure: a page read in order is 1. Of large tables it may read a few rows in whatever way. */
const MUCH = 1_000

async function ofPostgres(url: string, large: boolean): Promise<Planner> {
  const client = new Client({ connectionString: url })
  await client.connect()
  if (!large)
    for (const way of ['seqscan', 'hashjoin', 'mergejoin'])
      await client.query(`set enable_${way} = off`)
  return {
    async scansOf({ sql, values }) {
      const { rows } = await client.query(`explain (format json) ${sql}`, values)
      return rows.flatMap((row) => {
        const whole = row['QUERY PLAN'][0].Plan
        return large && whole['Total Cost'] < MUCH ? [] : scansIn(whole, large)
      })
    },
    close: () => void client.end(),
  }
}

/** Of a few rows PostgreSQL sorts anything. */
const isSort = (node: Node) => node['Node Type'] === 'Sort'

function scansIn(node: Node, large: boolean): string[] {
  const below = node.Plans?.flatMap((one) => scansIn(one, large)) ?? []
  if (large && node['Node Type'] === 'Limit' && node.Plans?.some(isSort)) below.push('sorts')
  const isIndex = /^(Bitmap )?Index (Only )?Scan$/.test(node['Node Type'])
  const isQueue = QUEUES.includes(node['Index Name'] ?? '')
  const whole =
    node['Node Type'] === 'Seq Scan' || (isIndex && !isQueue && node['Index Cond'] === undefined)
  return whole ? [node['Relation Name'] ?? node['Index Name'] ?? '', ...below] : below
}
