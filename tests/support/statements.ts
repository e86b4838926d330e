import type { Context } from '../../app/context.ts'

/** What a piece of work asked of the database. */
interface Asked {
  /** Texts in order, the brackets of transactions left out; on SQLite without those of the reader. */
  statements: string[]
  /** Commits that changed something, on the disk before anybody was told of them, and those a power cut may take. */
  synced: number
  relaxed: number
}

interface Query {
  sql: string
  __knexTxId?: string
  queryContext?: { durability?: string }
}

/** An instance says so every ten seconds. */
const ALIVE = /^insert into .instances./

/**
 * Counts what `work` asks of the database, and how often something is committed; `work` sees the counts as they grow. Where
 * a timetable goes on beside it, `isIts` tells at each statement whether it is the work's own.
 */
export async function countAsked(
  ctx: Context,
  work: (soFar: Readonly<Asked>) => Promise<unknown>,
  isIts = () => true,
): Promise<Asked> {
  const asked: Asked = { statements: [], synced: 0, relaxed: 0 }
  const open = new Map<string, { relaxed: boolean; wrote: boolean }>()
  const commit = (relaxed: boolean) => (asked[relaxed ? 'relaxed' : 'synced'] += 1)

  const note = ({ sql, __knexTxId: id, queryContext }: Query) => {
    if (ALIVE.test(sql) || !isIts()) return // what the clock brings is nobody's work
    const writes = /^(insert|update|delete)\b/.test(sql)
    const unit = id === undefined ? undefined : open.get(id)
    if (id !== undefined && sql.startsWith('BEGIN'))
      open.set(id, { relaxed: sql.includes('RELAXED'), wrote: false })
    else if (/^(COMMIT|ROLLBACK)/.test(sql)) {
      if (unit?.wrote && sql.startsWith('COMMIT')) commit(unit.relaxed)
      open.delete(id ?? '')
    } else {
      asked.statements.push(sql)
      if (writes && unit) unit.wrote = true
      else if (writes) commit(queryContext?.durability === 'relaxed')
    }
  }
  ctx.db.on('query', note)
  await work(asked)
  ctx.db.removeListener('query', note)
  return asked
}
