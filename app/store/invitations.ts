import { randomBytes } from 'node:crypto'
import { type Db, toDate } from './db.ts'
import { hashOf } from './hash.ts'
import { deleteInSlices } from './slices.ts'
import type { InvitationRow, Read } from './tables.ts'
import { type Role, ROLES, wordIn } from './vocabulary.ts'

/** A way in for one new person. */
export interface Invitation {
  id: number
  role: Role
  /** Whom the letter goes to, and so whose address it proves; undefined: a link to hand over. */
  email: string | undefined
  madeBy: number
  expiresAt: Date
  /** The link has been made; one by letter is made as the letter leaves. */
  isMade: boolean
}

type Row = Read<InvitationRow>

/** Invitations: 256 random bits, hashed at rest, good once, and only while whoever made them administers. */
export function createInvitationStore(db: Db) {
  const table = () => db('invitations')
  const alive = () =>
    table()
      .where('expires_at', '>', new Date())
      .whereIn('made_by', db('users').select('id').where({ role: 'admin' }).whereNull('blocked_at'))

  return {
    /** Its number; the link is made by {@link renew}. */
    async open(
      madeBy: number,
      { role, email, lifeMs }: { role: Role; email?: string | undefined; lifeMs: number },
    ): Promise<number> {
      const now = Date.now()
      const [row] = await table()
        .insert({
          token_hash: null,
          role,
          email: email ?? null,
          made_by: madeBy,
          created_at: new Date(now),
          expires_at: new Date(now + lifeMs),
        })
        .returning<{ id: number }[]>('id')
      if (!row) throw new Error('an invitation was not written')
      return row.id
    },
    /** A new token in place of an earlier one; it is kept nowhere. Undefined where the invitation is dead. */
    async renew(id: number): Promise<string | undefined> {
      const token = randomBytes(32).toString('base64url')
      const renewed = await alive()
        .where({ id })
        .update({ token_hash: hashOf(token) })
      return renewed > 0 ? token : undefined
    },
    async find(token: string): Promise<Invitation | undefined> {
      const row = await alive()
        .where({ token_hash: hashOf(token) })
        .first()
      return row && fromRow(row)
    },
    /** For one caller only: whoever deletes the row. */
    async take({ id }: Invitation, token: string): Promise<boolean> {
      return (
        (await alive()
          .where({ id, token_hash: hashOf(token) })
          .delete()) > 0
      )
    },
    /** The newest first. */
    async waiting(most: number): Promise<Invitation[]> {
      return (await alive().orderBy('id', 'desc').limit(most)).map(fromRow)
    },
    async remove(id: number): Promise<boolean> {
      return (await table().where({ id }).delete()) > 0
    },
    async sweep(): Promise<void> {
      await deleteInSlices(db, 'invitations', (q) =>
        q.where('expires_at', '<', new Date()).orderBy('expires_at'),
      )
    },
  }
}

const fromRow = (row: Row): Invitation => ({
  id: row.id,
  role: wordIn(ROLES, row.role) ?? 'owner', // nobody is raised by a word we do not know
  email: row.email ?? undefined,
  madeBy: row.made_by,
  expiresAt: toDate(row.expires_at),
  isMade: row.token_hash !== null,
})
