import type { Held } from '../catalogue/cards.ts'
import type { Db } from './db.ts'
import type { Link } from './sync-links.ts'

type Pair = Pick<Link, 'id' | 'target' | 'communityId'>

/** Rows in one go: neither engine takes more values than some thousands. */
const AT_ONCE = 200

/** Which pair a card of a community belongs to, known by the ending of its sku. One a card: the database says so. */
export function createSyncHoldStore(db: Db) {
  const table = () => db('sync_holds')
  const others = (pair: Pair) => db('sync_links').where(communityOf(pair)).whereNot({ id: pair.id })

  return {
    /** Another pair leads into the same community. */
    async isShared(link: Pair): Promise<boolean> {
      return link.target !== undefined && (await others(link).first('id')) !== undefined
    },
    /** What the other pairs of the community have. */
    async ofOthers(link: Pair): Promise<Held> {
      const [holds, cards] = await Promise.all([
        table().where(communityOf(link)).whereNot({ link_id: link.id }),
        db('sync_items')
          .whereIn('link_id', others(link).select('id'))
          .whereNotNull('item_id')
          .select('item_id'),
      ])
      return {
        endings: new Set(holds.map(({ ending }) => ending)),
        items: new Set(cards.flatMap(({ item_id }) => item_id ?? [])),
      }
    },
    /** Holds these, as far as nobody else does, and none but these. Gives how many somebody else was quicker with. */
    async take(pair: Pair, endings: readonly string[]): Promise<number> {
      const { id } = pair
      const community = communityOf(pair)
      const wanted = new Set(endings)
      const mine = await table().where({ link_id: id })
      const given = mine.filter(
        (row) =>
          row.target !== community.target ||
          row.community_id !== community.community_id ||
          !wanted.has(row.ending),
      )
      for (const some of chunks(given.map((row) => row.id)))
        await table().whereIn('id', some).delete()

      let lost = 0
      for (const some of chunks([...wanted])) {
        const rows = some.map((ending) => ({ ...community, ending, link_id: id }))
        await table().insert(rows).onConflict(['target', 'community_id', 'ending']).ignore()
        const theirs = await table()
          .where(community)
          .whereIn('ending', some)
          .whereNot({ link_id: id })
        lost += theirs.length
      }
      return lost
    },
  }
}

/** Numbers of communities mean something at their platform only. */
const communityOf = ({ target = '', communityId = '' }: Pair) => ({
  target,
  community_id: communityId,
})

function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE)
}
