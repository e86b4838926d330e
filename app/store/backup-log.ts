import { type Db, type Stored, toDate } from './db.ts'

/** How copies of the database fare. */
export interface BackupState {
  /** The newest copy there is a record of. */
  last: { file: string; at: Date } | undefined
  /** Why the newest attempt came to nothing, in words; undefined when it did not. */
  trouble: { words: string; at: Date } | undefined
}

/** So many attempts are remembered. */
const KEPT = 100

/** Which copies were made, over all instances. */
export function createBackupLog(db: Db) {
  const table = () => db('backups')

  return {
    /** One instance makes the copy of a tick, and gets its number; the others get nothing. */
    async claim(tick: Date): Promise<number | undefined> {
      const [taken] = await table()
        .insert({ tick, began_at: new Date() })
        .onConflict('tick')
        .ignore()
        .returning('id')
      return taken?.id
    },
    async succeed(id: number, file: string, bytes: number): Promise<void> {
      await table().where({ id }).update({ ended_at: new Date(), file, bytes, trouble: null })
      await table()
        .where('id', '<=', id - KEPT)
        .delete()
    },
    /** A copy that somebody asked for. */
    async record(file: string, bytes: number): Promise<void> {
      const now = new Date()
      await table()
        .insert({ tick: now, began_at: now, ended_at: now, file, bytes })
        .onConflict('tick')
        .ignore()
    },
    async fail(id: number, words: string): Promise<void> {
      await table()
        .where({ id })
        .update({ ended_at: new Date(), trouble: words.slice(0, 1000) })
    },
    async state(): Promise<BackupState> {
      const [last, newest] = await Promise.all([
        table().whereNotNull('file').orderBy('id', 'desc').first('file', 'ended_at'),
        table().whereNotNull('ended_at').orderBy('id', 'desc').first('trouble', 'ended_at'),
      ])
      return {
        last:
          last?.file != null && last.ended_at !== null
            ? copyOf(last.file, last.ended_at)
            : undefined,
        trouble: newest?.trouble != null ? troubleOf(newest.trouble, newest.ended_at) : undefined,
      }
    },
  }
}

const copyOf = (file: string, at: Stored) => ({ file, at: toDate(at) })
const troubleOf = (words: string, at: Stored | null) => ({ words, at: toDate(at ?? 0) })
