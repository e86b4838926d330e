import type { Tokens } from '../oauth/tokens.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Connection } from './connection.ts'
import { tokenColumns } from './connection-columns.ts'
import { type Db, fromNow } from './db.ts'
import { tooFar } from './leases.ts'
import type { Columns, ConnectionRow } from './tables.ts'

/**
 * The lease in the row that lets one process at a time refresh a connection's tokens, and the compare-and-set that
 * stores the result. The revision is the fence (RFC 9700 §4.14: rotation breaks under two refreshes).
 */
export function createRefreshStore(db: Db, vault: Vault) {
  const table = () => db('connections')
  const held = (id: number, owner: string) => table().where({ id, lease_owner: owner })
  const free = { lease_owner: null, lease_until: null } satisfies Columns<ConnectionRow>

  return {
    /**
     * True when the lease is ours. Being a write to the very row, it also proves that the result can be stored. A lease
     * that ends later than it can, because the clock was set back, is left to its holder until it is `outwaited`: a
     * second refresh may cost the grant, and no fence prevents that.
     */
    async claim(
      { id, revision }: Connection,
      owner: string,
      leaseMs: number,
      outwaited = false,
    ): Promise<boolean> {
      const touched = await table()
        .where({ id, revision })
        .where((over) => {
          void over.whereNull('lease_until').orWhere('lease_until', '<=', fromNow(db))
          if (outwaited) void over.orWhere(tooFar(db, 'lease_until', leaseMs))
        })
        .update({ lease_owner: owner, lease_until: fromNow(db, leaseMs) })
      return touched > 0
    },
    /**
     * Tokens, expiry and revision in one statement; false when the row is gone or has other tokens by now. A lease that
     * was taken over meanwhile costs nothing: of two refreshes with one token the first good answer is kept.
     */
    async store(connection: Connection, tokens: Tokens): Promise<boolean> {
      const { id, userId, provider, revision } = connection
      const fresh = tokenColumns(vault, userId, provider, tokens)
      const current = table().where({ id, revision })
      const changed = { ...fresh, ...free, revision: revision + 1, refresh_after: null }
      return (await current.update(changed satisfies Columns<ConnectionRow>)) > 0
    },
    /** Gives the lease back after a failure; `pauseMs` keeps everybody from trying again at once. */
    async release({ id, revision }: Connection, owner: string, pauseMs: number): Promise<void> {
      const after = pauseMs > 0 ? fromNow(db, pauseMs) : null
      await held(id, owner)
        .where({ revision })
        .update({ ...free, refresh_after: after })
    },
    /** Gives the lease back that was of no use. */
    async letGo(id: number, owner: string): Promise<void> {
      await held(id, owner).update(free)
    },
  }
}
