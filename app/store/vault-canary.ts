import { ConfigError } from '../errors.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Db } from './db.ts'
import { keyUse, keyUseInWords } from './key-use.ts'
import { labels } from './sealed-columns.ts'
import type { VaultCanaryRow } from './tables.ts'

const WORD = 'evosync'

/**
 * Proves that the keys are the ones this database was sealed with, and all of those it still needs, before anything is
 * written or migrated with wrong ones. All that is sealed is asked for its key, as canaries speak for their own alone: an
 * instance may have gone on sealing with one whose canary is gone. An empty database takes any.
 * @throws ConfigError with advice; nothing is touched then
 */
export async function checkKeys(db: Db, vault: Vault): Promise<void> {
  await checkCanaries(db, vault)
  const uses = await keyUse(db)
  const missing = new Set(uses.map(({ keyId }) => keyId).filter((id) => !vault.keyIds.includes(id)))
  if (missing.size === 0) return
  const needed = [...missing].map((id) => keyUseInWords(id, uses)).join('; ')
  throw new ConfigError([
    `TOKEN_KEYS: в списке нет ключей, которыми зашифрована часть базы: ${needed}. ` +
      'Верните их в список после нового (TOKEN_KEYS=новый:…,старый:…), запустите EvoSync и перешифруйте всё: npm run rotate-keys; она скажет, когда старый можно убрать. Данные не тронуты.',
  ])
}

async function checkCanaries(db: Db, vault: Vault): Promise<void> {
  if (!(await db.schema.hasTable('vault_canaries'))) return
  const canaries = await db('vault_canaries').select('key_id', 'sealed')
  const known = canaries.filter(({ key_id }) => vault.keyIds.includes(key_id))
  if (canaries.length > 0 && known.length === 0) refuse(canaries)
  if (!known.every(({ key_id, sealed }) => sings(vault, key_id, sealed))) refuse(canaries)
}

type Canary = Pick<VaultCanaryRow, 'key_id' | 'sealed'>

const sings = (vault: Vault, keyId: string, sealed: string): boolean =>
  vault.openIfPossible(sealed, labels.canary(keyId)) === WORD

/**
 * Proves the keys, and leaves what {@link checkKeys} will know them by.
 * @throws ConfigError as {@link checkKeys} does
 */
export async function keepCanary(db: Db, vault: Vault): Promise<void> {
  await checkKeys(db, vault)
  await leaveCanary(db, vault)
}

/**
 * For whoever has just proved the keys, which reads all that is sealed: another instance may have left its own canary a
 * moment before. Only the first key seals, so only it needs one.
 * @throws ConfigError as {@link checkKeys} does
 */
export async function leaveCanary(db: Db, vault: Vault): Promise<void> {
  await checkCanaries(db, vault)
  const [first = ''] = vault.keyIds
  const sealed = vault.seal(WORD, labels.canary(first))
  await db('vault_canaries').insert({ key_id: first, sealed }).onConflict('key_id').ignore()
  await checkCanaries(db, vault) // another first start may have come first, with the same id and other bytes
}

function refuse(canaries: readonly Canary[]): never {
  const ids = canaries.map(({ key_id }) => key_id).join(', ')
  throw new ConfigError([
    `TOKEN_KEYS: это не те ключи, которыми зашифрована база (в ней ключ ${ids}). ` +
      'Верните прежнее значение TOKEN_KEYS из резервной копии .env; данные не тронуты.',
  ])
}
