import type { Knex } from 'knex'
import { PhotoRefused } from '../errors.ts'
import type { Picture } from '../pictures/index.ts'
import { type Db, toDate } from './db.ts'
import { deleteInSlices } from './slices.ts'
import type { Columns, SyncPhotoRow } from './tables.ts'

/** A picture of an owner's, without its bytes. */
export interface Photo {
  id: number
  /** Of the file it came in. */
  name: string
  hash: string
  width: number
  height: number
  createdAt: Date
}

const COLUMNS = ['id', 'name', 'hash', 'width', 'height', 'created_at'] as const
/** Pictures one person may keep. */
export const MOST_PHOTOS = 500

const DELETED_AT_ONCE = 2

/** Pictures that owners have sent for products without one; everybody sees but their own. */
export function createPhotoStore(db: Db) {
  const own = (userId: number) => db('sync_photos').where({ user_id: userId })

  async function one(
    userId: number,
    key: Pick<Columns<SyncPhotoRow>, 'id' | 'hash' | 'source'>,
  ): Promise<Photo | undefined> {
    const row = await own(userId)
      .where(key)
      .first(...COLUMNS)
    return row && fromRow(row)
  }

  async function isFull(userId: number): Promise<boolean> {
    const [counted] = await own(userId).count({ n: '*' })
    return Number(counted?.n) >= MOST_PHOTOS
  }

  /** @throws PhotoRefused photo_too_many with `n` */
  async function checkRoom(userId: number): Promise<void> {
    if (await isFull(userId)) throw new PhotoRefused('photo_too_many', { n: MOST_PHOTOS })
  }

  /** Slice by slice: a picture is as much to delete as a hundred other rows. */
  async function forget(userId: number, which: Knex.QueryCallback): Promise<void> {
    const some = (q: Knex.QueryBuilder) => q.where({ user_id: userId }).where(which).orderBy('id')
    await deleteInSlices(db, 'sync_photos', some, { most: DELETED_AT_ONCE })
  }

  return {
    isFull,
    checkRoom,
    /**
     * Keeps a picture; the same one again is the row that is there. `source` is the SHA-256 of the file it was made of.
     * @throws PhotoRefused photo_too_many with `n`
     */
    async save(
      userId: number,
      { name, ...picture }: Picture & { name: string; source?: string },
    ): Promise<Photo> {
      const there = await one(userId, { hash: picture.hash })
      if (there) return there
      await checkRoom(userId)

      await db('sync_photos')
        .insert({ user_id: userId, name, ...picture, created_at: new Date() })
        .onConflict(['user_id', 'hash'])
        .ignore()
      const saved = await one(userId, { hash: picture.hash })
      if (!saved) throw new Error('a photo was removed while it was saved')
      return saved
    },
    /** Undefined when there is none of that number, or it is somebody else's. */
    find: (userId: number, id: number) => one(userId, { id }),
    /** The one made of this very file. */
    findBySource: (userId: number, source: string) => one(userId, { source }),
    /** The oldest first. */
    async list(userId: number): Promise<Photo[]> {
      const rows = await own(userId)
        .orderBy('id')
        .select(...COLUMNS)
      return rows.map(fromRow)
    },
    /** With its bytes; undefined as {@link find}. */
    picture(userId: number, id: number): Promise<Picture | undefined> {
      return db('sync_photos')
        .where({ user_id: userId, id })
        .first('jpeg', 'width', 'height', 'hash')
    },
    /** False as {@link find} is undefined. */
    async remove(userId: number, id: number): Promise<boolean> {
      return (await own(userId).where({ id }).delete()) > 0
    },
    /** Removes all that were sent before this moment, but these. */
    async removeOthers(userId: number, kept: readonly number[], before: Date): Promise<void> {
      await forget(userId, (q) => q.where('created_at', '<', before).whereNotIn('id', kept))
    },
    /** All of a person's. */
    forgetAll: (userId: number) => forget(userId, () => undefined),
  }
}

const fromRow = ({ created_at, ...row }: Pick<SyncPhotoRow, (typeof COLUMNS)[number]>): Photo => ({
  ...row,
  createdAt: toDate(created_at),
})
