import type { Vault } from '../crypto/vault.ts'
import { ConfigError } from '../errors.ts'
import { refuseCopy } from './copy-words.ts'
import type { Db } from './db.ts'
import { keyUse, keyUseInWords } from './key-use.ts'
import { readVersion } from './schema-version.ts'
import { checkKeys } from './vault-canary.ts'

/**
 * A copy, brought back beside what is there, has to be ours, not newer than this code, and sealed with keys we have: all
 * that is sealed is read.
 * @throws ConfigError in words
 */
export async function proveCopy(db: Db, copy: string, vault: Vault): Promise<void> {
  const { done, unknown } = await readVersion(db)
  if (done.length === 0) refuseCopy(copy, 'в ней нет таблиц EvoSync')
  if (unknown.length === done.length) refuseCopy(copy, 'это база другой программы')
  if (unknown.length > 0) {
    const words = `она новее этой версии EvoSync: в ней есть изменения ${unknown.join(', ')}. Запустите npm run restore той версии, в которой она сделана, или новее`
    refuseCopy(copy, words)
  }
  await proveKeys(db, copy, vault)
}

async function proveKeys(db: Db, copy: string, vault: Vault) {
  const uses = await keyUse(db)
  const missing = new Set(uses.map(({ keyId }) => keyId).filter((id) => !vault.keyIds.includes(id)))
  if (missing.size > 0) {
    const needed = [...missing].map((id) => keyUseInWords(id, uses)).join('; ')
    refuseCopy(
      copy,
      `в TOKEN_KEYS нет ключей, которыми зашифрована её часть: ${needed}. Верните их в список (TOKEN_KEYS=новый:…,старый:…) из резервной копии .env`,
    )
  }
  try {
    await checkKeys(db, vault)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    refuseCopy(
      copy,
      'ключи в TOKEN_KEYS называются так же, но это не те ключи, которыми она зашифрована. Верните прежнее значение TOKEN_KEYS из резервной копии .env',
    )
  }
}
