import type { Db } from './db.ts'
import { isOrphan } from './db-errors.ts'
import { transact } from './transaction.ts'
import type { NoticeKind } from './vocabulary.ts'

/** A platform that is known to be down for many. */
export interface PlatformOutage {
  provider: string
  code: string
  /** Connections it concerned when it was noticed. */
  hit: number
}

/** Connections of a platform whose owners have been told of one and the same trouble. */
export interface Struck {
  provider: string
  code: string
  count: number
  /** What the platform said to one of them. */
  detail: string | undefined
}

/** One row a platform, whichever instance notices first; administrators get a notice each. */
export function createPlatformOutageStore(db: Db) {
  const table = () => db('platform_outages')

  async function tellAdministrators(
    all: Db,
    kind: NoticeKind,
    { provider, code, hit }: PlatformOutage,
  ) {
    const administrators = await all('users')
      .where({ role: 'admin' })
      .whereNull('blocked_at')
      .select<{ id: number }[]>('id')
    const now = new Date()
    await all('notices')
      .where({ provider, kind: 'outage' })
      .whereIn(
        'user_id',
        administrators.map(({ id }) => id),
      )
      .whereNull('closed_at')
      .update({ closed_at: now })
    for (const { id } of administrators) {
      const notice = { user_id: id, provider, kind, code, count: hit, created_at: now }
      await all('notices').insert(notice)
    }
  }

  return {
    /** What is wrong with how many, by platform and code, of these codes. */
    async struck(codes: readonly string[]): Promise<Struck[]> {
      const rows = await db('connections')
        .whereIn('incident', codes)
        .groupBy('provider', 'incident')
        .orderBy(['provider', 'incident'])
        .select<
          { provider: string; code: string; count: number | string; detail: string | null }[]
        >(db.raw('provider, incident as code, count(*) as count, max(detail) as detail'))
      return rows.map(({ count, detail, ...row }) => ({
        ...row,
        count: Number(count),
        detail: detail ?? undefined,
      }))
    },
    async running(): Promise<PlatformOutage[]> {
      return await table().whereNull('ended_at').select('provider', 'code', 'hit')
    },
    /** True for the one who notices it. A running one is not begun again, unless its code is one of `superseded`. */
    async begin(outage: PlatformOutage, superseded: readonly string[]): Promise<boolean> {
      return await told(async (all) => {
        const begun = await all('platform_outages')
          .insert({ ...outage, began_at: new Date(), ended_at: null })
          .onConflict('provider')
          .merge()
          .where((q) =>
            q
              .whereNotNull('platform_outages.ended_at')
              .orWhereIn('platform_outages.code', superseded),
          )
          .returning<unknown[]>('provider')
        if (begun.length > 0) await tellAdministrators(all, 'outage', outage)
        return begun.length > 0
      })
    },
    /** True for the one who notices that it is over. */
    async end(outage: PlatformOutage): Promise<boolean> {
      return await told(async (all) => {
        const ended = await all('platform_outages')
          .where({ provider: outage.provider })
          .whereNull('ended_at')
          .update({ ended_at: new Date() })
        if (ended > 0) await tellAdministrators(all, 'outage_over', outage)
        return ended > 0
      })
    },
  }

  /** An administrator who deletes their account at this very moment: it is told at the next tick. */
  async function told(change: (all: Db) => Promise<boolean>): Promise<boolean> {
    try {
      return await transact(db, change)
    } catch (error) {
      if (isOrphan(error)) return false
      throw error
    }
  }
}
