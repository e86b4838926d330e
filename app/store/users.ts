import { type Db, toDate, toDateIf } from './db.ts'
import { isTaken } from './db-errors.ts'
import type { Reader } from './reader.ts'
import { inOneTransaction } from './unit.ts'
import { rememberWords } from './user-words.ts'
import type { Read, UserRow } from './tables.ts'
import { type Role, ROLES, wordIn } from './vocabulary.ts'

export interface User {
  id: number
  email: string
  name: string
  role: Role
  /** IANA name; undefined means the server's. */
  timeZone: string | undefined
  createdAt: Date
  signedInAt: Date | undefined
  /** Kept out by an administrator: they cannot sign in, and what runs for them by itself rests. */
  blocked: { since: Date; reason: string | undefined } | undefined
}

/** What a new account is made of; `email` is canonical. */
export interface NewUser {
  email: string
  name: string
  passwordHash: string | null
}

export type Row = Read<UserRow>

/** People, the administrators among them; who is the first is settled by a unique column. */
export function createUserStore(db: Db, reader: Reader) {
  const table = () => db('users')
  const readById = reader.first<Row>('select * from users where id = ?')

  return {
    async find(id: number): Promise<User | undefined> {
      const row = await readById(id)
      return row && fromRow(row)
    },
    async findByEmail(
      email: string,
    ): Promise<{ user: User; passwordHash: string | null } | undefined> {
      const row = await table().where({ email }).first()
      return row && { user: fromRow(row), passwordHash: row.password_hash }
    },
    async passwordHash(id: number): Promise<string | null> {
      const row = await table().where({ id }).first('password_hash')
      return row?.password_hash ?? null
    },
    async isEmpty(): Promise<boolean> {
      return (await table().first('id')) === undefined
    },
    /** Those of these numbers that are here, by number. */
    async named(ids: readonly number[]): Promise<Map<number, User>> {
      const rows = ids.length > 0 ? await table().whereIn('id', ids) : []
      return new Map(rows.map((row) => [row.id, fromRow(row)]))
    },
    /** Whom an owner may write to: the administrator who has been here longest. */
    async administrator(): Promise<User | undefined> {
      const row = await table()
        .where({ role: 'admin' })
        .whereNull('blocked_at')
        .orderBy('id')
        .first()
      return row && fromRow(row)
    },

    /** The administrator everything starts with; undefined when there is somebody already. */
    async addFounder(user: NewUser): Promise<User | undefined> {
      return (await this.isEmpty()) ? await insertUser(db, user, 'admin', true) : undefined
    },
    /** Undefined when the address is taken. */
    add: (user: NewUser, role: Role = 'owner') => insertUser(db, user, role, null),

    /** False when the new address belongs to somebody else. */
    async update(id: number, changes: Partial<Pick<User, 'email' | 'name' | 'timeZone'>>) {
      const { timeZone, ...rest } = changes
      const row = { ...rest, ...(timeZone && { time_zone: timeZone }), updated_at: new Date() }
      try {
        await withWords(db, async (both) => {
          const [changed] = await both('users').where({ id }).update(row).returning('*')
          return changed
        })
        return true
      } catch (error) {
        if (isTaken(error)) return false
        throw error
      }
    },
    async setPasswordHash(id: number, hash: string): Promise<void> {
      await db('users').where({ id }).update({ password_hash: hash, updated_at: new Date() })
    },
    async setRole(id: number, role: Role): Promise<void> {
      await db('users').where({ id }).update({ role, updated_at: new Date() })
    },
    async noteSignIn(id: number): Promise<void> {
      await db('users').where({ id }).update({ signed_in_at: new Date() })
    },
    /** The only administrator, while there is anybody else. */
    isNeeded: (id: number): Promise<boolean> => isNeeded(db, id),
    /**
     * With everything that belongs to them. False for the only administrator while there is anybody else, and where `by`
     * is an administrator no more.
     */
    async removeUnlessNeeded(id: number, by?: number): Promise<boolean> {
      return await inOneTransaction(db, (both) => removeUnlessNeeded(both, id, by))
    },
  }
}

/** Undefined when the address is taken, or when somebody else has just become the founder. */
export async function insertUser(
  db: Db,
  user: NewUser,
  role: Role,
  founder: true | null,
): Promise<User | undefined> {
  const now = new Date()
  const row = await withWords(db, async (both) => {
    const [added] = await both('users')
      .insert({
        email: user.email,
        name: user.name,
        password_hash: user.passwordHash,
        role,
        founder,
        created_at: now,
        updated_at: now,
      })
      .onConflict()
      .ignore()
      .returning('*')
    return added
  })
  return row && fromRow(row)
}

/** Whoever is written is found by the words that stand there. */
async function withWords(db: Db, write: (both: Db) => Promise<Row | undefined>) {
  const together = async (both: Db) => {
    const row = await write(both)
    if (row) await rememberWords(both, row)
    return row
  }
  return await (db.isTransaction ? together(db) : inOneTransaction(db, together))
}

/** Two administrators who go at once must not both count on the other: the rows are locked in one order. */
async function removeUnlessNeeded(both: Db, id: number, by?: number): Promise<boolean> {
  const administrators = await lockAdministrators(both)
  if (by !== undefined && !administrators.includes(by)) return false
  if (await isNeeded(both, id)) return false
  return (await both('users').where({ id }).delete()) > 0
}

async function isNeeded(db: Db, id: number): Promise<boolean> {
  const administrators = await lockAdministrators(db)
  const alone = administrators.length === 1 && administrators[0] === id
  return alone && (await db('users').whereNot({ id }).first('id')) !== undefined
}

/** Who administers at this moment, the blocked ones aside; it stays so until the transaction is over. */
export const lockAdministrators = (db: Db): Promise<number[]> =>
  db('users')
    .where({ role: 'admin' })
    .whereNull('blocked_at')
    .orderBy('id')
    .forUpdate()
    .pluck<number[]>('id')

export function fromRow(row: Row): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: wordIn(ROLES, row.role) ?? 'owner', // nobody is raised by a word we do not know
    timeZone: row.time_zone ?? undefined,
    createdAt: toDate(row.created_at),
    signedInAt: toDateIf(row.signed_in_at),
    blocked:
      row.blocked_at === null
        ? undefined
        : { since: toDate(row.blocked_at), reason: row.block_reason ?? undefined },
  }
}
