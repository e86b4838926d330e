import { randomBytes } from 'node:crypto'
import { type Db, toDate, toDateIf } from './db.ts'
import { hashOf } from './hash.ts'
import { deleteInSlices } from './slices.ts'
import type { Read, ApiTokenRow } from './tables.ts'

/** `read`: how connections stand · `tokens`: access tokens and renewing them · `admin`: platforms, for administrators. */
export const API_SCOPES = ['read', 'tokens', 'admin'] as const
export type ApiScope = (typeof API_SCOPES)[number]

/** A person's key to the API, fit to be shown: the key itself is not kept. */
export interface ApiToken {
  id: number
  userId: number
  name: string
  scopes: ApiScope[]
  createdAt: Date
  /** Absent: until it is removed. */
  expiresAt: Date | undefined
  lastUsedAt: Date | undefined
}

/** What a new key is made of. */
export interface NewApiToken {
  userId: number
  name: string
  scopes: readonly ApiScope[]
  expiresAt?: Date | undefined
}

type Row = Read<ApiTokenRow>

/** So that scanners for leaked secrets know one when they see it. */
const PREFIX = 'evs_'
/** A busy client must not cost a write a call. */
const NOTED_EVERY_MS = 60_000

/** Keys to the API: 256 random bits, hashed at rest. */
export function createApiTokenStore(db: Db) {
  const table = () => db('api_tokens')

  return {
    /** The key, to be shown once. */
    async add({ userId, name, scopes, expiresAt }: NewApiToken): Promise<string> {
      const token = PREFIX + randomBytes(32).toString('base64url')
      await db('api_tokens').insert({
        user_id: userId,
        name,
        token_hash: hashOf(token),
        scopes: scopes.join(' '),
        created_at: new Date(),
        expires_at: expiresAt ?? null,
      })
      return token
    },
    /** Undefined for unknown, removed and expired ones. */
    async find(token: string): Promise<ApiToken | undefined> {
      if (!token.startsWith(PREFIX)) return undefined
      const row = await db('api_tokens')
        .where({ token_hash: hashOf(token) })
        .where((alive) => alive.whereNull('expires_at').orWhere('expires_at', '>', new Date()))
        .first()
      return row && fromRow(row)
    },
    async noteUse({ id, lastUsedAt }: ApiToken, now: Date): Promise<void> {
      if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < NOTED_EVERY_MS) return
      await db('api_tokens').where({ id }).update({ last_used_at: now })
    },
    async of(userId: number): Promise<ApiToken[]> {
      return (await table().where({ user_id: userId }).orderBy('id')).map(fromRow)
    },
    /** False when there is none of that number, or it is somebody else's. */
    async remove(userId: number, id: number): Promise<boolean> {
      return (await table().where({ user_id: userId, id }).delete()) > 0
    },
    /** Gives their number. */
    async removeAll(userId: number): Promise<number> {
      return await table().where({ user_id: userId }).delete()
    },
    async sweep(): Promise<void> {
      await deleteInSlices(db, 'api_tokens', (q) =>
        q.where('expires_at', '<', new Date()).orderBy('expires_at'),
      )
    },
  }
}

function fromRow(row: Row): ApiToken {
  const granted = row.scopes.split(' ')
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: API_SCOPES.filter((scope) => granted.includes(scope)),
    createdAt: toDate(row.created_at),
    expiresAt: toDateIf(row.expires_at),
    lastUsedAt: toDateIf(row.last_used_at),
  }
}
