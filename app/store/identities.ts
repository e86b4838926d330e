import { type Db, toDate, toDateIf } from './db.ts'
import { transact } from './transaction.ts'
import { insertUser, type NewUser, type User } from './users.ts'
import type { Read, IdentityRow } from './tables.ts'

/** An account at a platform that opens an account here. */
export interface Identity extends Outsider {
  id: number
  userId: number
  createdAt: Date
  lastUsedAt: Date | undefined
}

/** Who came from a platform: its own id for them, and the canonical address it has verified, if any. */
export interface Outsider extends Way {
  subject: string
  email: string | undefined
}

/** A platform, and whose word it is there: no `edition` for those of the list. */
export interface Way {
  provider: string
  edition?: string | undefined
}

type Row = Read<IdentityRow>

/** One row an account at a platform; that it opens one account here only is the table's own rule. */
export function createIdentityStore(db: Db) {
  const table = () => db('identities')

  return {
    async find({ provider, edition = '', subject }: Outsider): Promise<Identity | undefined> {
      const row = await table().where({ provider, edition, subject }).first()
      return row && fromRow(row)
    },
    async of(userId: number): Promise<Identity[]> {
      return (await table().where({ user_id: userId }).orderBy('id')).map(fromRow)
    },
    /** Whether a platform of the list has verified that the address is this person's. */
    async proves(userId: number, email: string): Promise<boolean> {
      const row = await table().where({ user_id: userId, email, edition: '' }).first('id')
      return row !== undefined
    },
    /** How many accounts here are opened by a platform. */
    async count(provider: string): Promise<number> {
      const [row] = await table()
        .where({ provider })
        .countDistinct<{ count: string | number }[]>({ count: 'user_id' })
      return Number(row?.count ?? 0)
    },

    /** False when it opens an account already, this person's or another's. */
    link: (userId: number, outsider: Outsider) => insert(db, userId, outsider),
    /** Makes an account and what opens it, or neither: undefined when somebody was quicker with either. */
    async addUser(
      outsider: Outsider,
      newcomer: NewUser,
      founder: boolean,
    ): Promise<User | undefined> {
      return await transact(db, async (both) => {
        const user = await insertUser(both, newcomer, founder ? 'admin' : 'owner', founder || null)
        if (!user || (await insert(both, user.id, outsider))) return user
        await both('users').where({ id: user.id }).delete()
        return undefined
      })
    },
    /** What the platform says now takes the place of what it said before. */
    async noteUse({ provider, edition = '', subject, email }: Outsider): Promise<void> {
      await db('identities')
        .where({ provider, edition, subject })
        .update({ last_used_at: new Date(), email: email ?? null })
    },

    /**
     * Removes a way of signing in unless no other is left: a password, or an account at one of the `usable` ways.
     * The person's own row is written first, which makes two removals at once take turns on either engine.
     */
    async remove(userId: number, id: number, usable: readonly Way[]) {
      return await transact(db, async (both): Promise<Identity | 'last_way' | undefined> => {
        await both('users').where({ id: userId }).update({ updated_at: new Date() })
        const rows = await both('identities').where({ user_id: userId })
        const row = rows.find((one) => one.id === id)
        if (!row) return undefined
        const user = await both('users').where({ id: userId }).first<Password>('password_hash')
        const others = rows.filter((one) => one.id !== id && usable.some(isSame(one)))
        if (user.password_hash === null && others.length === 0) return 'last_way'
        await both('identities').where({ id }).delete()
        return fromRow(row)
      })
    },
  }
}

/** For finding the way by which an account at a platform opens one here. */
export const isSame =
  ({ provider, edition = '' }: Way) =>
  (way: Way): boolean =>
    way.provider === provider && (way.edition ?? '') === edition

interface Password {
  password_hash: string | null
}

async function insert(db: Db, userId: number, outsider: Outsider) {
  const { provider, edition = '', subject, email } = outsider
  const now = new Date()
  const added: unknown[] = await db('identities')
    .insert({
      user_id: userId,
      provider,
      edition,
      subject,
      email: email ?? null,
      created_at: now,
      last_used_at: null,
    })
    .onConflict(['provider', 'edition', 'subject'])
    .ignore()
    .returning('id')
  return added.length > 0
}

function fromRow(row: Row): Identity {
  return {
    id: row.id,
    userId: row.user_id,
    provider: row.provider,
    edition: row.edition,
    subject: row.subject,
    email: row.email ?? undefined,
    createdAt: toDate(row.created_at),
    lastUsedAt: toDateIf(row.last_used_at),
  }
}
