import { ofMachine } from '../clock.ts'
import { type Db, isPostgres } from './db.ts'
import { relaxed } from './durability.ts'
import { deleteInSlices } from './slices.ts'
import type { Read, PaceRow } from './tables.ts'

/**
 * The turn that was taken, by the clock all instances share, and the milliseconds until then; or those until the end of a
 * pause that is kept by all, and none was taken.
 */
export type Turn = { at: number; waitMs: number } | { heldMs: number }

type Row = Read<PaceRow>

/** Of an instance alone: it keeps its own calls further apart by what it knows of their ways (http/paces.ts). */
const SECOND_MS = 1005
/** A second as we keep it where several take turns: each process is late in its own way, and none knows of the others'. */
const SHARED_SECOND_MS = 1250
/** Nobody else has asked for so long: the lane is one instance's again. */
const ALONE_AFTER_MS = 5_000
/** Nobody's turn is further ahead: the clock was set back since, or begins anew with the machine. */
const FURTHEST_MS = 10_000
const LONGEST_HOLD_MS = 15 * 60_000
const DAY_MS = 24 * 3600_000

/**
 * Turns of calls over all instances: no second sees more of a lane than are allowed. The clock is the one they share:
 * PostgreSQL's own, or that of the machine an SQLite file is on, which nobody can set. One statement a turn; a power cut
 * may take the last ones, and the seconds they counted in with them.
 */
export function createPaceStore(db: Db) {
  const table = () => db('paces')
  const { now, greatest, first, rest, append } = isPostgres(db) ? POSTGRES : SQLITE
  const clock = () => ({ now: ofMachine() })

  const oldest = first('paces.moments')
  const other = 'paces.taker <> excluded.taker'
  const second = `case when ${other} or abs(excluded.asked_at - paces.shared_at) < ${ALONE_AFTER_MS}
    then ${SHARED_SECOND_MS} else ${SECOND_MS} end`
  const next = `case when ${oldest} > excluded.asked_at + ${FURTHEST_MS} then excluded.asked_at + ${second}
    else ${greatest}(excluded.asked_at, ${oldest} + ${second}) end`
  const isHeld = `paces.held_until > excluded.asked_at and paces.held_until <= excluded.asked_at + ${LONGEST_HOLD_MS}`
  const taking = `insert into paces (lane, moments, asked_at, taker, shared_at, held_until)
    select :lane, ${append(':none', 'clock.now')}, clock.now, :taker, 0, 0 from (select ${now} as now) as clock
    where true on conflict (lane) do update set asked_at = excluded.asked_at, taker = excluded.taker,
      shared_at = case when ${other} then excluded.asked_at else paces.shared_at end,
      moments = case when ${isHeld} then paces.moments else ${append(rest('paces.moments'), next)} end
    returning moments, asked_at, held_until`

  return {
    /** `taker` names whoever asks. */
    async take(lane: string, perSecond: number, taker: string): Promise<Turn> {
      const none = JSON.stringify(Array<number>(perSecond - 1).fill(0))
      const turn = db.raw<Row[] | { rows: Row[] }>(taking, { ...clock(), lane, none, taker })
      const said = await relaxed(turn)
      const [row] = Array.isArray(said) ? said : said.rows
      if (!row) throw new Error('a turn was not taken')
      const { moments, asked_at: asked, held_until: held } = row
      if (held > asked && held <= asked + LONGEST_HOLD_MS) return { heldMs: held - asked }
      const at = (JSON.parse(moments) as number[]).at(-1) ?? asked
      return { at, waitMs: at - asked }
    },
    /** Nobody takes a turn before the pause is over. Nothing where nobody has taken one yet. */
    async hold(lane: string, ms: number): Promise<void> {
      const until = db.raw(`${now} + :ms`, { ...clock(), ms: Math.min(ms, LONGEST_HOLD_MS) })
      await relaxed(table().where({ lane }).update({ held_until: until }))
    },
    /** Lanes of credentials that are used no more. */
    async sweep(): Promise<void> {
      const past = db.raw(`(select ${now} - ${DAY_MS})`, clock())
      const ahead = db.raw(`(select ${now} + ${DAY_MS})`, clock())
      await deleteInSlices(db, 'paces', (q) => q.where('asked_at', '<', past).orderBy('asked_at'), {
        key: 'lane',
      })
      await deleteInSlices(
        db,
        'paces',
        (q) => q.where('asked_at', '>', ahead).orderBy('asked_at'),
        { key: 'lane' },
      )
    },
  }
}

/** How either engine says it; lists of numbers are JSON, the oldest first. */
const POSTGRES = {
  now: 'extract(epoch from clock_timestamp())::float8 * 1000',
  greatest: 'greatest',
  first: (list: string) => `(${list}::jsonb ->> 0)::float8`,
  rest: (list: string) => `(${list}::jsonb - 0)`,
  append: (list: string, value: string) => `(${list}::jsonb || to_jsonb(${value}))::text`,
}
const SQLITE: typeof POSTGRES = {
  now: ':now',
  greatest: 'max',
  first: (list) => `json_extract(${list}, '$[0]')`,
  rest: (list) => `json_remove(${list}, '$[0]')`,
  append: (list, value) => `json_insert(${list}, '$[#]', ${value})`,
}
