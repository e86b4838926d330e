import { type Db, type Stored, toDate, toDateIf } from './db.ts'
import { insertUser, type NewUser, type User } from './users.ts'

/** An account at a platform that opens an account here. */
export interface Identity extends Outsider {
  id: number
  userId: number
  createdAt: Date
  lastUsedAt: Date | undefined
}

/** Who came from a platform: its own id for them, and the canonical address it has verified, if any. */
export interface Outsider {
  provider: string
  subject: string
  email: string | undefined
}

interface Row {
  id: number
  user_id: number
  provider: string
  subject: string
  email: string | null
  created_at: Stored
  last_used_at: Stored | null
}

/** One row an account at a platform; that it opens one account here only is the table's own rule. */
export function createIdentityStore(db: Db) {
  const table = () => db<Row>('identities')

  return {
    async find({ provider, subject }: Outsider): Promise<Identity | undefined> {
      const row = await table().where({ provider, subject }).first()
      return row && fromRow(row)
    },
    async of(userId: number): Promise<Identity[]> {
      return (await table().where({ user_id: userId }).orderBy('id')).map(fromRow)
    },
    /** Whether a platform has verified that the address is this person's. */
    async proves(userId: number, email: string): Promise<boolean> {
      return (await table().where({ user_id: userId, email }).first('id')) !== undefined
    },

    /** False when it opens an account already, this person's or another's. */
    link: (userId: number, outsider: Outsider) => insert(db, userId, outsider),
    /** Makes an account and what opens it, or neither: undefined when somebody was quicker with either. */
    async addUser(
      outsider: Outsider,
      newcomer: NewUser,
      founder: boolean,
    ): Promise<User | undefined> {
      return await db.transaction(async (both) => {
        const user = await insertUser(both, newcomer, founder ? 'admin' : 'owner', founder || null)
        if (!user || (await insert(both, user.id, outsider))) return user
        await both('users').where({ id: user.id }).delete()
        return undefined
      })
    },
    /** What the platform says now takes the place of what it said before. */
    async noteUse({ provider, subject, email }: Outsider): Promise<void> {
      await db('identities')
        .where({ provider, subject })
        .update({ last_used_at: new Date(), email: email ?? null })
    },

    /**
     * Removes a way of signing in unless no other is left: a password, or an account at one of the `usable` platforms.
     * The person's own row is written first, which makes two removals at once take turns on either engine.
     */
    async remove(userId: number, id: number, usable: readonly string[]) {
      return await db.transaction(async (both): Promise<Identity | 'last_way' | undefined> => {
        await both('users').where({ id: userId }).update({ updated_at: new Date() })
        const rows = await both<Row>('identities').where({ user_id: userId })
        const row = rows.find((one) => one.id === id)
        if (!row) return undefined
        const user = await both('users').where({ id: userId }).first<Password>('password_hash')
        const others = rows.filter((one) => one.id !== id && usable.includes(one.provider))
        if (user.password_hash === null && others.length === 0) return 'last_way'
        await both('identities').where({ id }).delete()
        return fromRow(row)
      })
    },
  }
}

interface Password {
  password_hash: string | null
}

async function insert(db: Db, userId: number, { provider, subject, email }: Outsider) {
  const now = new Date()
  const added: unknown[] = await db('identities')
    .insert({
      user_id: userId,
      provider,
      subject,
      email: email ?? null,
      created_at: now,
      last_used_at: null,
    })
    .onConflict(['provider', 'subject'])
    .ignore()
    .returning('id')
  return added.length > 0
}

function fromRow(row: Row): Identity {
  return {
    id: row.id,
    userId: row.user_id,
    provider: row.provider,
    subject: row.subject,
    email: row.email ?? undefined,
    createdAt: toDate(row.created_at),
    lastUsedAt: toDateIf(row.last_used_at),
  }
}
