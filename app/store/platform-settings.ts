import type { Vault } from '../crypto/vault.ts'
import type { EnteredSetting } from '../providers/built-in.ts'
import { type Db, toDate } from './db.ts'
import { labels } from './sealed-columns.ts'
import type { PlatformSettingRow, Read } from './tables.ts'
import { transact } from './transaction.ts'

/** What administrators enter of a platform's variables. Values are sealed and opened here, bound to platform and name. */
export function createPlatformSettingStore(db: Db, vault: Vault) {
  const fromRow = (row: Read<PlatformSettingRow>): EnteredSetting => ({
    provider: row.provider,
    name: row.name,
    value: vault.openIfPossible(row.sealed_value, labels.setting(row.provider, row.name)),
    enteredAt: toDate(row.entered_at),
  })

  return {
    async all(): Promise<EnteredSetting[]> {
      return (await db('platform_settings').orderBy('id')).map(fromRow)
    },
    async of(provider: string): Promise<EnteredSetting[]> {
      return (await db('platform_settings').where({ provider }).orderBy('id')).map(fromRow)
    },
    /** By name: a text is entered, whatever was there before; undefined is taken away. */
    async change(
      provider: string,
      changes: Readonly<Record<string, string | undefined>>,
    ): Promise<void> {
      await transact(db, async (one) => {
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) {
            await one('platform_settings').where({ provider, name }).delete()
            continue
          }
          const sealed_value = vault.seal(value, labels.setting(provider, name))
          const row = { provider, name, sealed_value, entered_at: new Date() }
          await one('platform_settings').insert(row).onConflict(['provider', 'name']).merge()
        }
      })
    },
    /** How many there were. */
    async removeAll(provider: string): Promise<number> {
      return await db('platform_settings').where({ provider }).delete()
    },
  }
}
