import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { restingLinks } from './blocked.ts'
import { type Db, fromNow, isPostgres, toDateIf } from './db.ts'
import { isOrphan, isTaken } from './db-errors.ts'
import { relaxed } from './durability.ts'
import { leaseOver } from './leases.ts'
import { deleteInSlices } from './slices.ts'
import { type Claim, type Counts, type Run, toRun } from './sync-run-rows.ts'
import type { Columns, SyncRunRow } from './tables.ts'
import type { Origin, RunState, Stage } from './vocabulary.ts'

/** What a run is begun with. */
export interface NewRun {
  linkId: number
  linkRevision: number
  origin: Origin
  startedBy?: string
  parentId?: number
  whole: boolean
  confirmed?: boolean
  digest?: string
}

/** Who carries a run out: an instance, and the process it is on its machine. */
export interface Worker {
  instance: string
  workplace: string
}

/** Why a run rests or has ended. */
export interface Halt {
  code: string
  values?: Readonly<Record<string, string | number>>
  /** Whose failure it is: a platform's key. */
  platform?: string
  link?: string
}

/** What was found out before anything is sent. */
export type Outlook = Pick<
  Run,
  'changes' | 'products' | 'shownBefore' | 'unchanged' | 'total' | 'skipped'
> & {
  digest: string
}

const FREE = {
  lease_owner: null,
  lease_process: null,
  lease_until: null,
} satisfies Columns<SyncRunRow>
const QUIET = {
  reason: null,
  reason_values: null,
  reason_platform: null,
  reason_link: null,
  resume_at: null,
  paused_at: null,
} satisfies Columns<SyncRunRow>
/** Swept together. */
const RUNS_AT_ONCE = 10
/** Small steps of the clock, as a time service makes them. */
const SLACK_MS = 10_000
/** Their fate is open: a run with one of them is not done. */
export const OPEN = ['pending', 'sending'] as const

/** The queue of runs and their history. One run a link is under way: the database says so. */
export function createSyncRunStore(db: Db) {
  const table = () => db('sync_runs')
  const held = ({ id, fence }: Claim) => table().where({ id, state: 'running', fence })

  /**
   * A link's runs, newest first. Said as a range, which is ordered by link as well: PostgreSQL would rather read everybody's
   * runs backwards until it has met enough of this one's.
   */
  const newestOf = (linkId: number) =>
    table()
      .whereBetween('link_id', [linkId, linkId])
      .orderBy([
        { column: 'link_id', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])

  /** Under way in this state; the index of such says the same words. */
  const active = (state: RunState) => (q: Knex.QueryBuilder) =>
    void q.whereNotNull('active_link_id').where({ state }).orderBy('id')
  const isLeft = (leaseMs: number, dead: readonly string[]) => (q: Knex.QueryBuilder) =>
    void q.where(leaseOver(db, 'lease_until', leaseMs)).orWhereIn('lease_process', dead)

  /**
   * What may be taken, part after part, each in the order of an index: what was left behind, what has rested, or began to
   * at a moment that is still to come (the clock was set back), and what waits.
   */
  const free = (leaseMs: number, dead: readonly string[]): Knex.QueryCallback[] => [
    (q) => q.where(isLeft(leaseMs, dead)).modify(active('running')),
    (q) => q.where({ state: 'paused' }).where('resume_at', '<=', fromNow(db)).orderBy('resume_at'),
    (q) =>
      q
        .where({ state: 'paused' })
        .where('paused_at', '>', fromNow(db, SLACK_MS))
        .orderBy('paused_at'),
    active('queued'),
  ]

  /** With their steps, which may be many: those go first, slice by slice. */
  async function removeAll(which: Knex.QueryCallback): Promise<void> {
    for (;;) {
      const ids = await table().modify(which).limit(RUNS_AT_ONCE).pluck('id')
      if (ids.length === 0) return
      await deleteInSlices(db, 'sync_steps', (q) => q.whereIn('run_id', ids))
      await relaxed(table().whereIn('id', ids).delete())
      if (ids.length < RUNS_AT_ONCE) return
      await othersTurn()
    }
  }

  async function insert(row: Columns<SyncRunRow>): Promise<number | undefined> {
    try {
      const [made] = await table()
        .insert({ stage: 'source', ...row, created_at: new Date() })
        .returning<{ id: number }[]>('id')
      return made?.id
    } catch (error) {
      if (isTaken(error) || isOrphan(error)) return undefined
      throw error
    }
  }

  const rowOf = (run: NewRun) => ({
    link_id: run.linkId,
    link_revision: run.linkRevision,
    origin: run.origin,
    started_by: run.startedBy ?? null,
    parent_id: run.parentId ?? null,
    whole: run.whole,
    confirmed: run.confirmed ?? false,
    digest: run.digest ?? null,
  })

  return {
    /** What would be done, for a person to look at; earlier ones of the link go. */
    async draft(run: NewRun, outlook: Outlook): Promise<number | undefined> {
      await removeAll((q) => q.where({ link_id: run.linkId, state: 'draft' }))
      return await insert({ ...rowOf(run), ...columnsOf(outlook), state: 'draft' })
    },
    /** Undefined when one of this link is under way already, or the link is gone. */
    async queue(run: NewRun): Promise<number | undefined> {
      return await insert({ ...rowOf(run), state: 'queued', active_link_id: run.linkId })
    },

    async find(id: number): Promise<Run | undefined> {
      const row = await table().where({ id }).first()
      return row && toRun(row)
    },
    async ofUser(userId: number, id: number): Promise<Run | undefined> {
      const links = db('sync_links').where({ user_id: userId }).select('id')
      const row = await table().where({ id }).whereIn('link_id', links).first()
      return row && toRun(row)
    },
    async draftOf(linkId: number): Promise<Run | undefined> {
      const row = await newestOf(linkId).where({ state: 'draft' }).first()
      return row && toRun(row)
    },
    async active(linkId: number): Promise<Run | undefined> {
      const row = await table().where({ active_link_id: linkId }).first()
      return row && toRun(row)
    },
    /** The newest that is over: neither shown only nor under way. */
    async last(linkId: number): Promise<Run | undefined> {
      const row = await newestOf(linkId)
        .whereNull('active_link_id')
        .whereNot({ state: 'draft' })
        .first()
      return row && toRun(row)
    },
    /**
     * Runs of these links, newest first: all but drafts, or those in one state. Each link is asked by itself: an index
     * knows the order of one.
     */
    async history(
      linkIds: readonly number[],
      most: number,
      { before, state }: { before?: number | undefined; state?: RunState | undefined } = {},
    ): Promise<Run[]> {
      const rows = await Promise.all(
        linkIds.map((linkId) =>
          newestOf(linkId)
            .where((q) => (state ? q.where({ state }) : q.whereNot({ state: 'draft' })))
            .where((q) => before !== undefined && q.where('id', '<', before))
            .limit(most),
        ),
      )
      const newest = rows.flat().sort((one, other) => other.id - one.id)
      return newest.slice(0, most).map(toRun)
    },
    /** What is under way for a person, the oldest first. */
    async underWay(userId: number): Promise<Run[]> {
      const links = db('sync_links').where({ user_id: userId }).select('id')
      const rows = await table().whereIn('active_link_id', links).orderBy('id')
      return rows.map(toRun)
    },
    /** When a run of one of these links ended well last. */
    async lastDone(linkIds: readonly number[]): Promise<Date | undefined> {
      const rows = await Promise.all(
        linkIds.map((linkId) =>
          newestOf(linkId).where({ state: 'done' }).first('id', 'finished_at'),
        ),
      )
      const [newest] = rows.filter((row) => row !== undefined).sort((a, b) => b.id - a.id)
      return toDateIf(newest?.finished_at ?? null)
    },

    /**
     * Takes one that waits, whose pause is over, or whose worker has died: its lease is over, or its process is provably
     * dead. Those that this process carries are not taken a second time, whatever clocks say. Each taking raises the fence.
     */
    async claim(
      worker: Worker,
      leaseMs: number,
      dead: readonly string[],
      carried: readonly number[] = [],
    ): Promise<Run | undefined> {
      for (const part of free(leaseMs, dead)) {
        const one = table()
          .select('id')
          .whereNotIn('id', carried)
          .whereNotIn('link_id', restingLinks(db))
          .modify(part)
          .limit(1)
        const [row] = await table()
          .whereIn('id', isPostgres(db) ? one.forUpdate().skipLocked() : one)
          .update({
            state: 'running',
            fence: db.raw('fence + 1'),
            lease_owner: worker.instance,
            lease_process: worker.workplace,
            lease_until: fromNow(db, leaseMs),
            started_at: db.raw('coalesce(started_at, ?)', [new Date()]),
            ...QUIET,
          })
          .returning('*')
        if (row) return toRun(row)
      }
      return undefined
    },
    /** Who holds runs on this machine, to find out which of them live. */
    async processes(prefix: string): Promise<string[]> {
      const rows = await table()
        .modify(active('running'))
        .clearOrder()
        .distinct<{ lease_process: string }[]>('lease_process')
      const all = rows.map(({ lease_process }) => lease_process)
      return all.filter((workplace) => workplace.startsWith(prefix)) // a name of a machine may be a pattern of SQL
    },
    /**
     * Prolongs the lease. `stop` is what a person wants meanwhile, `lost`: it is somebody else's now, or gone, or its owner
     * has been blocked: then it rests where it is.
     */
    async hold(claim: Claim, leaseMs: number): Promise<'held' | 'stop' | 'lost'> {
      const [row] = await held(claim)
        .whereNotIn('link_id', restingLinks(db))
        .update({ lease_until: fromNow(db, leaseMs) })
        .returning<{ stop_asked: boolean | number }[]>('stop_asked')
      if (!row) return 'lost'
      return row.stop_asked ? 'stop' : 'held'
    },
    /** The claim is still the newest, at this very moment. */
    async proves(claim: Claim): Promise<boolean> {
      return (await held(claim).first('id')) !== undefined
    },
    /** The same, and it stays so until the transaction is over: the first statement of all that belong together. */
    async fix(claim: Claim): Promise<boolean> {
      return (await held(claim).update({ fence: claim.fence })) > 0
    },
    /** False, here and below: the run is somebody else's by now, and nothing was written. */
    async setStage(claim: Claim, stage: Stage): Promise<boolean> {
      return (await held(claim).update({ stage })) > 0
    },
    async setOutlook(claim: Claim, outlook: Outlook): Promise<boolean> {
      return (await held(claim).update({ ...columnsOf(outlook), stage: 'sending' })) > 0
    },
    /** Adds to what has been settled. */
    async count(claim: Claim, more: Partial<Counts & Pick<Run, 'renamed'>>): Promise<boolean> {
      const raised: Columns<SyncRunRow> = Object.fromEntries(
        Object.entries(more).map(([name, by]) => [name, db.raw('?? + ?', [name, by])]),
      )
      if (Object.keys(raised).length === 0) return true
      return (await held(claim).update(raised)) > 0
    },
    /** What has been settled, counted anew. */
    async setCounts(claim: Claim, counts: Partial<Counts>): Promise<boolean> {
      return (await held(claim).update(counts)) > 0
    },

    /** Something a person has to know before it begins. */
    async note(id: number, halt: Halt): Promise<void> {
      await table().where({ id }).update(haltColumns(halt))
    },
    /** It has got on since its last pause: pauses are counted anew. */
    async noteProgress(claim: Claim): Promise<boolean> {
      return (await held(claim).update({ pauses: 0, failing_since: null })) > 0
    },
    async pause(claim: Claim, halt: Halt, resumeAt: Date): Promise<boolean> {
      const paused = await held(claim).update({
        state: 'paused',
        ...haltColumns(halt),
        resume_at: resumeAt,
        paused_at: fromNow(db),
        pauses: db.raw('pauses + 1'),
        failing_since: db.raw('coalesce(failing_since, ?)', [new Date()]),
        ...FREE,
      })
      return paused > 0
    },
    /** The process goes down: somebody goes on at once. */
    async release(claim: Claim): Promise<boolean> {
      return (await held(claim).update({ state: 'queued', ...FREE })) > 0
    },
    /** Never `done` while the fate of a step is open. */
    async finish(
      claim: Claim,
      state: Extract<RunState, 'done' | 'stopped' | 'failed'>,
      halt?: Halt,
    ): Promise<boolean> {
      const open = db('sync_steps').where({ run_id: claim.id }).whereIn('state', OPEN)
      const ended = await held(claim)
        .where((q) => state === 'done' && q.whereNotExists(open.select(db.raw('1'))))
        .update({
          state,
          active_link_id: null,
          ...(halt ? haltColumns(halt) : QUIET),
          resume_at: null,
          ...FREE,
          finished_at: new Date(),
        })
      return ended > 0
    },
    /** A look by the timetable that found nothing leaves nothing behind. */
    async drop(claim: Claim): Promise<boolean> {
      return (await held(claim).delete()) > 0
    },

    /** What waits or rests is over at once; what runs, or is begun in this very moment, stops at its next step. */
    async askStop(id: number): Promise<void> {
      await table().where({ id }).whereNotNull('active_link_id').update({ stop_asked: true })
      await table()
        .where({ id })
        .whereIn('state', ['queued', 'paused'])
        .update({
          state: 'stopped',
          active_link_id: null,
          ...FREE,
          ...haltColumns({ code: 'stopped' }),
          resume_at: null,
          finished_at: new Date(),
        })
    },
    /** A pause ends now. False when it does not rest. */
    async resume(id: number): Promise<boolean> {
      const resumed = await table()
        .where({ id, state: 'paused' })
        .update({ resume_at: fromNow(db) })
      return resumed > 0
    },
    /** Its runs that are over, and drafts: of very many of them whoever removes the link would wait long. */
    async forgetEnded(linkId: number): Promise<void> {
      await removeAll((q) => q.where({ link_id: linkId }).whereNull('active_link_id').orderBy('id'))
    },
    /** Runs that ended before, and drafts nobody looks at any more. */
    async sweep(before: Date, draftsBefore: Date): Promise<void> {
      await removeAll((q) => q.where('finished_at', '<', before).orderBy('finished_at'))
      await removeAll((q) =>
        q
          .where({ state: 'draft' })
          .whereNull('finished_at')
          .whereNull('active_link_id')
          .where('created_at', '<', draftsBefore)
          .orderBy('created_at'),
      )
    },
  }
}

const columnsOf = ({
  changes,
  products,
  shownBefore,
  unchanged,
  total,
  skipped,
  digest,
}: Outlook) => ({
  changes,
  products,
  shown_before: shownBefore,
  unchanged,
  total,
  skipped,
  digest,
})

const haltColumns = ({ code, values = {}, platform, link }: Halt) => ({
  reason: code,
  reason_values: JSON.stringify(values),
  reason_platform: platform ?? null,
  reason_link: link ?? null,
})
