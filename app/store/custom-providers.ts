import { editionOf } from '../providers/custom.ts'
import type { CustomPlatform } from '../providers/custom-platform.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Db } from './db.ts'
import { isTaken } from './db-errors.ts'
import {
  columns,
  openSecret,
  type PlatformChanges,
  type Row,
  sealIf,
  type StoredPlatform,
  toPlatform,
} from './custom-provider-rows.ts'
import { transact } from './transaction.ts'

/** Platforms of administrators. The client secret is sealed and opened here, bound to the platform's key. */
export function createCustomProviderStore(db: Db, vault: Vault) {
  const table = () => db('custom_providers')
  const fromRow = (row: Row) => toPlatform(row, openSecret(vault, row))

  return {
    async all(): Promise<StoredPlatform[]> {
      return (await table().orderBy('id')).map(fromRow)
    },
    async find(key: string): Promise<StoredPlatform | undefined> {
      if (key.includes('\0')) return undefined // PostgreSQL refuses to be asked
      const row = await table().where({ key }).first()
      return row && fromRow(row)
    },
    /**
     * What it is now, as {@link editionOf} says; undefined when it is gone. Waits for whoever is changing or removing it.
     */
    async editionOf(key: string): Promise<string | undefined> {
      const row = await table().where({ key }).forShare().first()
      return row && editionOf(toPlatform(row, undefined))
    },
    /**
     * False when the key is somebody else's already. What a platform of this key has left behind, such as one of an
     * earlier version, goes: its tokens are not to be shown to the new one, its people are not let in by it.
     */
    async add({ key, clientSecret, ...platform }: CustomPlatform): Promise<boolean> {
      const now = new Date()
      const own = { key, revision: 1, created_at: now, updated_at: now }
      const sealed_secret = sealIf(vault, key, clientSecret)
      try {
        await transact(db, async (both) => {
          await both('custom_providers').insert({ ...own, sealed_secret, ...columns(platform) })
          await both('connections').where({ provider: key }).delete()
          await both('connection_attempts').where({ provider: key }).delete()
          await both('identities').where({ provider: key }).delete()
          await both('sign_in_attempts').where({ provider: key }).delete()
        })
        return true
      } catch (error) {
        if (isTaken(error)) return false
        throw error
      }
    },
    /**
     * Replaces everything but the key; `secret` says whether the stored secret stays. `vacant`: only while nobody is
     * connected. False otherwise, and when somebody else has changed or removed it meanwhile.
     */
    async replace(
      { key, revision }: Pick<StoredPlatform, 'key' | 'revision'>,
      { clientSecret, ...platform }: PlatformChanges,
      { secret, vacant }: { secret: 'kept' | 'replaced'; vacant: boolean },
    ): Promise<boolean> {
      const sealed = secret === 'replaced' && { sealed_secret: sealIf(vault, key, clientSecret) }
      const changed = { ...columns(platform), ...sealed, revision: revision + 1 }
      return await holding(db, key, async (held) => {
        const query = held('custom_providers').where({ key, revision })
        if (vacant) void query.whereNotExists(connected(held, key))
        return (await query.update({ ...changed, updated_at: new Date() })) > 0
      })
    },
    /** Nobody can begin to connect from now on. */
    async disable(key: string): Promise<void> {
      const off = { enabled: false, revision: db.raw('revision + 1'), updated_at: new Date() }
      await table().where({ key }).update(off)
    },
    /** Removes it once nobody is connected, with the ways of signing in by it; false while somebody is. */
    async remove(key: string): Promise<boolean> {
      return await holding(db, key, async (held) => {
        const there = held('custom_providers').where({ key })
        await there.clone().whereNotExists(connected(held, key)).delete()
        if ((await there.first('key')) !== undefined) return false
        await held('identities').where({ provider: key }).delete()
        await held('sign_in_attempts').where({ provider: key }).delete()
        return true
      })
    },
  }
}

/**
 * Writes the row first and looks at connections in a later statement: who saves one asks for the row afterwards, so
 * that on PostgreSQL too one of the two sees the other.
 */
async function holding<T>(db: Db, key: string, change: (held: Db) => Promise<T>): Promise<T> {
  return await transact(db, async (held) => {
    await held('custom_providers').where({ key }).update({ updated_at: new Date() })
    return await change(held)
  })
}

const connected = (db: Db, key: string) => db('connections').where({ provider: key }).select('id')
