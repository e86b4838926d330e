import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import {
  type CardNow,
  type Showing,
  SHOWING_STATES,
  type ShowingState,
} from '../catalogue/owner/in-window.ts'
import type { Db } from './db.ts'
import { inPages } from './pages.ts'
import { type Good, rowOf } from './sync-good-rows.ts'
import type { Read, SyncGoodRow } from './tables.ts'
import { wordIn } from './vocabulary.ts'

/** Which products a page shows: those with all of these words, in one of these groups, of this state and reason. */
export interface GoodsFilter {
  words: readonly string[]
  groups?: readonly string[] | undefined
  state?: ShowingState | undefined
  code?: string | undefined
}

/** `-price`: the dearest first. */
export const GOODS_ORDERS = ['name', 'price', '-price'] as const
export type GoodsOrder = (typeof GOODS_ORDERS)[number]

export interface GoodsPart {
  order: GoodsOrder
  page: number
  size: number
}

/** How many products are in a state for a reason, in any of the windows. */
export interface CountedState {
  state: ShowingState
  code: string | undefined
  count: number
}

type Row = Read<SyncGoodRow>
type Written = ReturnType<typeof rowOf>

/** What a listing and a comparison have changed. */
export interface GoodsChange {
  put: Written[]
  /** Products that are there no more. */
  gone: string[]
}

const AT_ONCE = 200

/** How the products of a pair stand in its window, to be looked for and leafed through. */
export function createSyncGoodStore(db: Db) {
  const table = () => db('sync_goods')

  return {
    /** What is different from what is kept; `goods` are all there are. */
    async differences(linkId: number, goods: readonly Good[]): Promise<GoodsChange> {
      const kept = new Map<string, string>()
      for await (const rows of inPages<Row, 'id'>(() => table().where({ link_id: linkId }), 'id'))
        for (const row of rows) kept.set(row.product_id, printOf(row))
      const rows = goods.map((good) => rowOf(linkId, good))
      const here = new Set(rows.map(({ product_id }) => product_id))
      return {
        put: rows.filter((row) => kept.get(row.product_id) !== printOf(row)),
        gone: [...kept.keys()].filter((id) => !here.has(id)),
      }
    },
    async put(rows: readonly Written[]): Promise<void> {
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        await table()
          .insert(rows.slice(from, from + AT_ONCE))
          .onConflict(['link_id', 'product_id'])
          .merge()
        await othersTurn()
      }
    },
    /** How these of a pair's products stand now; of the others nothing is said. */
    async keep(linkId: number, goods: readonly Good[]): Promise<void> {
      await this.put(goods.map((good) => rowOf(linkId, good)))
    },
    async forget(linkId: number, productIds: readonly string[]): Promise<void> {
      for (let from = 0; from < productIds.length; from += AT_ONCE)
        await table()
          .where({ link_id: linkId })
          .whereIn('product_id', productIds.slice(from, from + AT_ONCE))
          .delete()
    },
    /** New states of products that are kept already. */
    async restate(linkId: number, showings: readonly Showing[]): Promise<void> {
      for (const showing of showings)
        await table()
          .where({ link_id: linkId, product_id: showing.productId })
          .update(stateColumns(showing))
    },
    async any(linkIds: readonly number[]): Promise<boolean> {
      return (await table().whereIn('link_id', linkIds).first('id')) !== undefined
    },

    /** Products of one till that any of its windows shows so, page by page. */
    async page(
      linkIds: readonly number[],
      filter: GoodsFilter,
      part: GoodsPart,
    ): Promise<string[]> {
      const { order, page, size } = part
      const column = order === 'name' ? 'name' : 'price'
      const way = order === '-price' ? 'desc' : 'asc'
      const rows: unknown = await table()
        .modify(wanted(linkIds, filter))
        .modify((q) => {
          if (linkIds.length === 1)
            void q.select('product_id').orderBy([
              { column, order: way },
              { column: 'id', order: way },
            ])
          else
            void q
              .groupBy('product_id')
              .select('product_id')
              .min(`${column} as first`)
              .orderBy([{ column: 'first', order: way }, 'product_id'])
        })
        .limit(size)
        .offset((page - 1) * size)
      return (rows as Pick<Row, 'product_id'>[]).map(({ product_id }) => product_id)
    },
    async count(linkIds: readonly number[], filter: GoodsFilter): Promise<number> {
      const row = await table()
        .modify(wanted(linkIds, filter))
        .modify((q) =>
          linkIds.length === 1 ? q.count({ n: '*' }) : q.countDistinct({ n: 'product_id' }),
        )
        .first<{ n: number | string } | undefined>()
      return Number(row?.n ?? 0)
    },
    /** By state and reason, whatever state and reason are asked for. */
    async states(
      linkIds: readonly number[],
      { words, groups }: GoodsFilter,
    ): Promise<CountedState[]> {
      const rows = await table()
        .modify(wanted(linkIds, { words, groups }))
        .groupBy('state', 'code')
        .select('state', 'code')
        .select<{ state: string; code: string | null; n: number | string }[]>(
          linkIds.length === 1
            ? db.raw('count(*) as n')
            : db.raw('count(distinct product_id) as n'),
        )
      return rows.map(({ state, code, n }) => ({
        state: stateIn(state),
        code: code ?? undefined,
        count: Number(n),
      }))
    },
    /** Pair → product → how it stands. */
    async of(
      linkIds: readonly number[],
      productIds: readonly string[],
    ): Promise<Map<number, Map<string, Showing>>> {
      const rows = await table().whereIn('link_id', linkIds).whereIn('product_id', productIds)
      const found = new Map(linkIds.map((id) => [id, new Map<string, Showing>()]))
      for (const row of rows) found.get(row.link_id)?.set(row.product_id, toShowing(row))
      return found
    },
  }
}

const wanted =
  (linkIds: readonly number[], { words, groups, state, code }: GoodsFilter) =>
  (q: Knex.QueryBuilder) => {
    void q.whereIn('link_id', linkIds)
    for (const word of words) void q.whereRaw(`words like ? escape '!'`, [`%${escaped(word)}%`])
    if (groups) void q.whereIn('group_id', groups)
    if (state) void q.where({ state })
    if (code) void q.where({ code })
  }

const escaped = (word: string) => word.replace(/[%_!]/g, '!$&')

/** A word of a newer version is one that is still to be looked at. */
const stateIn = (text: string): ShowingState => wordIn(SHOWING_STATES, text) ?? 'waits'

/** All that is kept but the number of the row. */
const printOf = (row: Written | Row): string =>
  JSON.stringify([
    row.name,
    row.words,
    row.group_id,
    String(row.price), // a text of the driver's where it is one
    row.state,
    row.code,
    row.code_values,
    row.card,
  ])

const stateColumns = ({ state, reason, card }: Showing) => ({
  state,
  code: reason?.code ?? null,
  code_values: reason?.values ? JSON.stringify(reason.values) : null,
  ...(card && { card: JSON.stringify(card) }),
})

function toShowing(row: Row): Showing {
  return {
    productId: row.product_id,
    state: stateIn(row.state),
    ...(row.code !== null && {
      reason: {
        code: row.code,
        ...(row.code_values !== null && {
          values: JSON.parse(row.code_values) as Record<string, string | number>,
        }),
      },
    }),
    ...(row.card !== null && { card: JSON.parse(row.card) as CardNow }),
  }
}
