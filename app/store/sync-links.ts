import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { readSettings, type Settings } from '../catalogue/settings.ts'
import type { Vault } from '../crypto/vault.ts'
import { blocked } from './blocked.ts'
import { ofAccount } from './connections.ts'
import { type Db, fromNow, isPostgres, type Stored, toDate, toDateIf } from './db.ts'
import { hashOf } from './hash.ts'
import { inPages } from './pages.ts'
import type { Reader } from './reader.ts'
import { labels } from './sealed-columns.ts'
import { fromAhead } from './leases.ts'
import type { Till } from './sync-good-photos.ts'
import type { Columns, Read, SyncLinkRow } from './tables.ts'

/** Where goods come from. */
interface FromStore {
  /** Key of the platform. */
  source: string
  storeId: string
  storeName: string
}

/** Where goods go to: a community of the platform with the key `target`. */
export interface ToCommunity {
  target: string
  communityId: string
  communityName: string
  communityUrl: string
}

/** Goods that go into a file only: there is no platform, and no community. */
export type ToFile = { [name in keyof ToCommunity]?: undefined }

/** What is enough to find where they went. */
export type Destination = Pick<ToCommunity, 'target' | 'communityId'> | ToFile

/** Where goods come from and go to. */
export type Route = FromStore & (ToCommunity | ToFile)

/** What makes a pair this pair; the rest is how it is called. */
type Place = 'source' | 'target' | 'storeId' | 'communityId'

/** Both lead from the same store into the same community, each at its platform. */
export const isSamePlace = (one: Pick<Link, Place>, other: Pick<Link, Place>): boolean =>
  isSameStore(one, other) && one.target === other.target && one.communityId === other.communityId

export const isSameStore = (
  one: Pick<Link, 'source' | 'storeId'>,
  other: Pick<Link, 'source' | 'storeId'>,
): boolean => one.source === other.source && one.storeId === other.storeId

/** One store's goods in one community, or in a file. */
export type Link = Route & LinkState

interface LinkState {
  id: number
  userId: number
  settings: Settings
  /** Grows with the settings: what was shown before is old. */
  revision: number
  paused: boolean
  /** Undefined: by hand only, or nothing has been run yet. */
  nextRunAt: Date | undefined
  /** Changes at the till before this are known. */
  listedFrom: Date | undefined
  listedWholeAt: Date | undefined
  /** Listings that found something new at the till. */
  changes: number
  /** Some of it no run has carried yet. */
  behind: boolean
  /** The community's platform takes one write a request. */
  singly: boolean
  /** Nothing runs by itself until a person has done something, or until it has passed where it may. */
  trouble: Trouble | undefined
  createdAt: Date
}

export interface Trouble {
  code: string
  values: Record<string, string | number>
  /** Whose failure it is: a platform's key; undefined where it is nobody's, or nobody noted it. */
  platform?: string
  /** A person is told of it, and the timetable goes on: it may pass by itself. */
  passes?: boolean
}

type Row = Read<SyncLinkRow>

const KEY_BYTES = 24
const UNTROUBLED = {
  trouble: null,
  trouble_values: null,
  trouble_platform: null,
  trouble_passes: false,
} satisfies Columns<SyncLinkRow>

/** Which store goes where, and how. The key of a link's file is made, sealed and opened here. */
export function createSyncLinkStore(db: Db, vault: Vault, reader: Reader) {
  const table = () => db('sync_links')
  const readAll = reader.all<Read<SyncLinkRow>>(
    'select * from sync_links where user_id = ? order by id',
  )

  function newKey(userId: number) {
    const key = randomBytes(KEY_BYTES).toString('base64url')
    return { sealed_feed_key: vault.seal(key, labels.feedKey(userId)), feed_hash: hashOf(key) }
  }

  /** What may run by itself; indexes of such say the same words. Those in trouble and those run by hand rest. */
  const willing = () =>
    table()
      .whereNotNull('next_run_at')
      .whereRaw('not paused and (trouble is null or trouble_passes)')
      .whereNotIn('user_id', blocked(db))

  const underWay = () =>
    db('sync_runs')
      .select(db.raw('1'))
      .where('active_link_id', db.ref('sync_links.id'))
      .whereNotNull('active_link_id') // as its index says it: PostgreSQL may read all of them at once

  /** Seen a while ago, or by a clock that has been set back since. What is seen during a run is for the next one. */
  const hinted: Knex.QueryCallback[] = [
    (q) =>
      q
        .where('hinted_at', '<=', fromNow(db, -HINT_MS))
        .whereNotExists(underWay())
        .orderBy('hinted_at'),
    (q) => q.where(fromAhead(db, 'hinted_at')).whereNotExists(underWay()).orderBy('hinted_at'),
  ]
  /** Its time has come, or was set by a clock that has been set back since. */
  const planned: Knex.QueryCallback[] = [
    (q) => q.where('next_run_at', '<=', fromNow(db)).orderBy('next_run_at'),
    (q) => q.where(fromAhead(db, 'planned_at')).orderBy('planned_at'),
  ]

  const putOff = (pauseMs: number) => ({
    next_run_at: fromNow(db, pauseMs),
    planned_at: fromNow(db),
  })

  /** Puts all of these off, and gives those that are not under way and still in this part. */
  async function takeFree(
    part: Knex.QueryCallback,
    found: readonly Found[],
    pauseMs: number,
  ): Promise<Due[]> {
    const free = found.filter(({ busy }) => !busy)
    const busy = idsOf(found.filter((one) => one.busy))
    if (busy.length > 0) await table().whereIn('id', busy).update(putOff(pauseMs))
    if (free.length === 0) return []
    const still = willing().modify(part).clearOrder().select('id').whereIn('id', idsOf(free))
    const rows = await table()
      .whereIn('id', isPostgres(db) ? still.forUpdate().skipLocked() : still)
      .whereNotExists(underWay())
      .update({ ...putOff(pauseMs), hinted_at: null })
      .returning('*')
    const hinted = new Set(idsOf(free.filter(({ hinted_at }) => hinted_at !== null)))
    return rows.map((row) => ({ ...toLink(row), hinted: hinted.has(row.id) }))
  }

  return {
    /** Oldest first. */
    async list(userId: number): Promise<Link[]> {
      return (await readAll(userId)).map(toLink)
    },
    /** Everybody's, page by page. */
    async *everybody(): AsyncGenerator<Link[]> {
      for await (const rows of inPages<Row, 'id'>(table, 'id')) yield rows.map(toLink)
    },
    async find(userId: number, id: number): Promise<Link | undefined> {
      const row = await table().where({ user_id: userId, id }).first()
      return row && toLink(row)
    },
    async get(id: number): Promise<Link | undefined> {
      const row = await table().where({ id }).first()
      return row && toLink(row)
    },
    /** @throws a unique violation (`isTaken`) when the pair is there already */
    async add(userId: number, route: Route, settings: Settings): Promise<number> {
      const [row] = await table()
        .insert({
          user_id: userId,
          ...columnsOf(route),
          settings: JSON.stringify(settings),
          ...newKey(userId),
          created_at: new Date(),
        })
        .returning<{ id: number }[]>('id')
      if (!row) throw new Error('a link was not stored')
      return row.id
    },
    /** Also ends its trouble: a person has just done something. */
    async change(id: number, route: Route, settings: Settings): Promise<void> {
      await table()
        .where({ id })
        .update({
          ...columnsOf(route),
          settings: JSON.stringify(settings),
          revision: db.raw('revision + 1'),
          ...UNTROUBLED,
        })
    },
    /** What is the owner's of a till's products is different: every pair of it looks at its goods anew. Ends trouble, as a change does. */
    async touch({ userId, source, storeId }: Till): Promise<void> {
      await table()
        .where({ user_id: userId, source, store_id: storeId })
        .update({ revision: db.raw('revision + 1'), ...UNTROUBLED })
    },
    /** What the ends are called by now; nothing where the pair has become another meanwhile. */
    async setNames(
      { id, source, target = '', storeId, communityId = '' }: Pick<Link, 'id' | Place>,
      { storeName, communityName = '' }: Pick<Route, 'storeName' | 'communityName'>,
    ): Promise<void> {
      await table()
        .where({ id, source, target, store_id: storeId, community_id: communityId })
        .update({ store_name: fitting(storeName), community_name: fitting(communityName) })
    },
    async remove(userId: number, id: number): Promise<void> {
      await table().where({ user_id: userId, id }).delete()
    },
    async setPaused(id: number, paused: boolean): Promise<void> {
      await table().where({ id }).update({ paused })
    },
    async setTrouble(id: number, trouble: Trouble | undefined): Promise<void> {
      await table()
        .where({ id })
        .update(trouble ? troubleColumns(trouble) : UNTROUBLED)
    },
    /** What may pass by itself has passed: a run has got through. */
    async endPassing(id: number): Promise<void> {
      await table().where({ id, trouble_passes: true }).update(UNTROUBLED)
    },
    /** A connection of theirs was made anew or works again: whatever it was, it is tried again. */
    async endTroubles(userId: number): Promise<void> {
      await table().where({ user_id: userId }).whereNotNull('trouble').update(UNTROUBLED)
    },
    async setSingly(id: number): Promise<void> {
      await table().where({ id }).update({ singly: true })
    },
    async setNextRun(id: number, at: Date | undefined): Promise<void> {
      await table()
        .where({ id })
        .update({ next_run_at: at ?? null, planned_at: fromNow(db) })
    },
    /** A listing found something new; gives how many did by now. */
    async noteChanges(id: number): Promise<number> {
      const [row] = await table()
        .where({ id })
        .update({ changes: db.raw('changes + 1') })
        .returning<{ changes: number }[]>('changes')
      return row?.changes ?? 0
    },
    /** A run has carried what was known after so many of them. */
    async noteSettled(id: number, changes: number): Promise<void> {
      await table().where({ id }).where('settled', '<', changes).update({ settled: changes })
    },
    /** A listing that ended well: what has changed since `from` is asked for next time. */
    async noteListing(id: number, from: Date, whole: boolean): Promise<void> {
      await table()
        .where({ id })
        .update({ listed_from: from, ...(whole && { listed_whole_at: from }) })
    },

    /** Somebody says that something has changed in a store; links waiting for it look sooner. */
    async hint(storeId: string): Promise<number> {
      return await table()
        .where({ store_id: storeId, paused: false })
        .whereNull('hinted_at')
        .update({ hinted_at: fromNow(db) })
    },
    /** The same for everything of an account at the till's platform. */
    async hintAccount(source: string, accountId: string): Promise<number> {
      const owners = db('connections').select('user_id').where(ofAccount(source, accountId))
      return await table()
        .whereIn('user_id', owners)
        .where({ paused: false })
        .whereNull('hinted_at')
        .update({ hinted_at: fromNow(db) })
    },
    /**
     * Takes what is due by the timetable, or because somebody has seen a change, each for one caller only, and puts its
     * next turn off by `pauseMs` until its run says when. So it does with what is under way, which nobody gets.
     */
    async takeDue(most: number, pauseMs: number): Promise<Due[]> {
      const taken: Due[] = []
      for (const part of [...planned, ...hinted])
        for (let found = most; found === most && taken.length < most;) {
          const links = await willing()
            .modify(part)
            .limit(most)
            .select<Found[]>('id', 'hinted_at', db.raw('exists ? as busy', [underWay()]))
          found = links.length
          taken.push(...(await takeFree(part, links.slice(0, most - taken.length), pauseMs)))
        }
      return taken
    },

    async findByFeedKey(key: string): Promise<Link | undefined> {
      const row = await table()
        .where({ feed_hash: hashOf(key) })
        .whereNotIn('user_id', blocked(db))
        .first()
      return row && toLink(row)
    },
    /** Undefined when it does not open. */
    async feedKey({ id, userId }: Pick<Link, 'id' | 'userId'>): Promise<string | undefined> {
      const row = await table().where({ id }).first()
      return row && vault.openIfPossible(row.sealed_feed_key, labels.feedKey(userId))
    },
    /** The old address ends at once. */
    async renewFeedKey({ id, userId }: Pick<Link, 'id' | 'userId'>): Promise<void> {
      await table().where({ id, user_id: userId }).update(newKey(userId))
    },
  }
}

/** Its turn has come; `hinted`: somebody has seen a change. */
type Due = Link & { hinted: boolean }

interface Found {
  id: number
  hinted_at: Stored | null
  /** A run of it is under way. */
  busy: boolean | number
}
const idsOf = (found: readonly Found[]) => found.map(({ id }) => id)

/** Changes come in flocks: a hint waits so long for more of them. */
const HINT_MS = 5_000

const troubleColumns = ({ code, values, platform, passes }: Trouble) => ({
  trouble: code,
  trouble_values: JSON.stringify(values),
  trouble_platform: platform ?? null,
  trouble_passes: passes ?? false,
})

const columnsOf = (route: Route) => ({
  source: route.source,
  target: route.target ?? '',
  store_id: route.storeId,
  store_name: fitting(route.storeName),
  community_id: route.communityId ?? '',
  community_name: fitting(route.communityName ?? ''),
  community_url: route.communityUrl ?? '',
})

/** Names are whatever platforms say they are; databases take no more, and not every sign. */
const fitting = (name: string): string => name.replaceAll('\0', '').slice(0, 255)

const endOf = (row: Row): ToCommunity | ToFile =>
  row.target === ''
    ? {}
    : {
        target: row.target,
        communityId: row.community_id,
        communityName: row.community_name,
        communityUrl: row.community_url,
      }

function toLink(row: Row): Link {
  return {
    id: row.id,
    userId: row.user_id,
    source: row.source,
    storeId: row.store_id,
    storeName: row.store_name,
    ...endOf(row),
    settings: readSettings(JSON.parse(row.settings)),
    revision: row.revision,
    paused: Boolean(row.paused),
    nextRunAt: toDateIf(row.next_run_at),
    listedFrom: toDateIf(row.listed_from),
    listedWholeAt: toDateIf(row.listed_whole_at),
    changes: row.changes,
    behind: row.changes > row.settled,
    singly: Boolean(row.singly),
    trouble: troubleOf(row),
    createdAt: toDate(row.created_at),
  }
}

function troubleOf(row: Row): Trouble | undefined {
  if (!row.trouble) return undefined
  return {
    code: row.trouble,
    values: JSON.parse(row.trouble_values ?? '{}') as Trouble['values'],
    ...(row.trouble_platform && { platform: row.trouble_platform }),
    ...(Boolean(row.trouble_passes) && { passes: true }),
  }
}
