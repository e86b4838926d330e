import { randomBytes } from 'node:crypto'
import type { Db } from './db.ts'
import { hashOf } from './hash.ts'
import { deleteInSlices } from './slices.ts'

/** One-time links to a new password: 256 random bits, hashed at rest, good once and briefly. */
export function createPasswordResetStore(db: Db) {
  const table = () => db('password_resets')
  const alive = (token: string) =>
    table()
      .where({ token_hash: hashOf(token) })
      .where('expires_at', '>', new Date())

  return {
    /** The token itself, which is not kept anywhere. Earlier links live on: a stranger's asking must not end them. */
    async open(userId: number, lifeMs: number): Promise<string> {
      const token = randomBytes(32).toString('base64url')
      const now = Date.now()
      await table().insert({
        token_hash: hashOf(token),
        user_id: userId,
        created_at: new Date(now),
        expires_at: new Date(now + lifeMs),
      })
      return token
    },
    async isAlive(token: string): Promise<boolean> {
      return (await alive(token).first('id')) !== undefined
    },
    /** Whose link it is, for one caller only: whoever deletes the row. */
    async take(token: string): Promise<number | undefined> {
      const row = await alive(token).first('user_id')
      return (await alive(token).delete()) > 0 ? row?.user_id : undefined
    },
    async forgetAll(userId: number): Promise<void> {
      await table().where({ user_id: userId }).delete()
    },
    async sweep(): Promise<void> {
      await deleteInSlices(db, 'password_resets', (q) =>
        q.where('expires_at', '<', new Date()).orderBy('expires_at'),
      )
    },
  }
}
