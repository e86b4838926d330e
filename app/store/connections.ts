import type { Knex } from 'knex'
import type { Tokens } from '../oauth/tokens.ts'
import type { Account } from '../providers/account.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Verdict } from './checks.ts'
import { SHOWN, type ShownRow, toConnection } from './connection-rows.ts'
import type { Connection } from './connection.ts'
import { accountColumns, openTokens, tokenColumns } from './connection-columns.ts'
import type { Db } from './db.ts'
import type { Reader } from './reader.ts'
import type { Columns, ConnectionRow, Read } from './tables.ts'
import { works } from './vocabulary.ts'

/** Tokens are sealed and opened here, bound to user and platform; everything else leaves as plain data. */
export function createConnectionStore(db: Db, vault: Vault, reader: Reader) {
  const table = () => db('connections')
  const readAll = reader.all<ShownRow>(
    `select ${SHOWN.join()} from connections where user_id = ? order by id`,
  )

  const readOne = reader.first<ShownRow>(
    `select ${SHOWN.join()} from connections where user_id = ? and provider = ?`,
  )

  function openIfPossible(row: Read<ConnectionRow>): Tokens | null {
    try {
      return openTokens(vault, row)
    } catch {
      return null
    }
  }

  async function findRow(userId: number, provider: string) {
    return table().where({ user_id: userId, provider }).first()
  }

  return {
    async list(userId: number): Promise<Connection[]> {
      return (await readAll(userId)).map(toConnection)
    },
    async find(userId: number, provider: string): Promise<Connection | undefined> {
      const row = await readOne(userId, provider)
      return row && toConnection(row)
    },
    async findById(id: number): Promise<Connection | undefined> {
      const row = await table().where({ id }).first()
      return row && toConnection(row)
    },
    /** @throws VaultError when the tokens do not open */
    async findTokens(id: number): Promise<{ connection: Connection; tokens: Tokens } | undefined> {
      const row = await table().where({ id }).first()
      return row && { connection: toConnection(row), tokens: openTokens(vault, row) }
    },
    /** What is stored for a person, if it opens. */
    async tokensOf(userId: number, provider: string): Promise<Tokens | null> {
      const row = await findRow(userId, provider)
      return row ? openIfPossible(row) : null
    },

    /** Everybody's connections of one account there. */
    async ofAccount(provider: string, accountId: string): Promise<Connection[]> {
      const rows = await table().where(ofAccount(provider, accountId)).orderBy('id')
      return rows.map(toConnection)
    },
    /** Who is connected to a platform: some of them, if they are many. */
    async ownersOf(provider: string): Promise<number[]> {
      const rows = await table().where({ provider }).limit(SOME).select('user_id')
      return rows.map(({ user_id }) => user_id)
    },
    /** How many are connected to a platform. */
    async count(provider: string): Promise<number> {
      const [row] = await db('connection_counts')
        .where({ provider })
        .sum<{ count: string | number | null }[]>({ count: 'count' })
      return Number(row?.count ?? 0)
    },
    /** How many are connected to each platform; those nobody is connected to are left out. */
    async countByProvider(): Promise<Map<string, number>> {
      const rows = await db('connection_counts')
        .groupBy('provider')
        .having(db.raw('sum(count)'), '<>', 0)
        .select('provider')
        .sum<{ provider: string; count: string | number }[]>({ count: 'count' })
      return new Map(rows.map(({ provider, count }) => [provider, Number(count)]))
    },

    /**
     * Connects, or connects anew: the row stays, and the day if the account does; tokens and account are replaced, it
     * counts as online until checked, be it by what the platform has just said.
     */
    async save(link: NewConnection): Promise<Connection> {
      const now = new Date()
      const fresh = {
        ...accountColumns(link.account),
        ...tokenColumns(vault, link.userId, link.provider, link.tokens),
        scope: link.tokens.scope?.join(' ') ?? null,
        ...standing(link, now),
        last_online_at: now,
        next_check_at: null,
        refusals: 0,
        incident: null,
        incident_at: null,
        ...NO_LEASE,
      } as const satisfies Columns<ConnectionRow>
      const rows = await table()
        .insert({
          user_id: link.userId,
          provider: link.provider,
          connected_at: now,
          revision: 1,
          ...fresh,
        })
        .onConflict(['user_id', 'provider'])
        .merge({
          ...fresh,
          connected_at: db.raw(SINCE),
          revision: db.raw('connections.revision + 1'),
        })
        .returning('*')
      const [row] = rows
      if (!row) throw new Error('connection was not saved')
      return toConnection(row)
    },

    /** Deletes the connection and hands over its last tokens, so that they can be revoked; null if they do not open. */
    async remove(userId: number, provider: string): Promise<{ tokens: Tokens | null } | undefined> {
      for (;;) {
        const row = await findRow(userId, provider)
        if (!row) return undefined
        // A refresh may store new tokens between our reading and our deleting: then those are the ones to hand over.
        const { id, revision } = row
        if ((await table().where({ id, revision }).delete()) > 0)
          return { tokens: openIfPossible(row) }
      }
    },
  }
}

/** Read together. */
const SOME = 500

/** By the part of the account's id that is indexed. */
export const ofAccount = (provider: string, accountId: string) => (query: Knex.QueryBuilder) =>
  void query
    .where({ provider, account_id: accountId })
    .whereRaw('substr(account_id, 1, 128) = substr(cast(? as text), 1, 128)', [accountId])

/** What a connection is made of. */
export interface NewConnection {
  userId: number
  provider: string
  account: Account
  tokens: Tokens
  /** What is known of it already. */
  verdict?: Verdict | undefined
}

function standing({ account, verdict }: NewConnection, now: Date) {
  const { health, reason, detail }: Verdict = verdict ?? { health: 'online', ...attention(account) }
  const online = works(health)
  return {
    is_online: online,
    health,
    reason: reason ?? null,
    detail: detail ?? null,
    last_checked_at: verdict ? now : null,
    failed_checks: online ? 0 : 1,
  } satisfies Columns<ConnectionRow>
}

const attention = ({ attention: reason }: Account) => reason && { reason }

/** Since when this very account has been connected. */
const SINCE =
  'case when connections.account_id = excluded.account_id then connections.connected_at else excluded.connected_at end'

const NO_LEASE = {
  lease_owner: null,
  lease_until: null,
  refresh_after: null,
  check_owner: null,
  check_until: null,
} as const satisfies Columns<ConnectionRow>
