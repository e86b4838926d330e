import { loadConfig } from '../app/config/index.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { ConfigError } from '../app/errors.ts'
import { platforms } from '../app/providers/index.ts'
import { inWords as databaseInWords } from '../app/store/await-database.ts'
import { openDb } from '../app/store/db.ts'
import { keyUseInWords } from '../app/store/key-use.ts'
import { openDatabase } from '../app/store/prepare.ts'
import { resealAll, type Resealed } from '../app/store/reseal.ts'
import { checkKeys } from '../app/store/vault-canary.ts'
import { createVault } from '../app/crypto/vault.ts'
import { inWords } from './in-words.ts'

/** Seals every stored secret anew with the first of TOKEN_KEYS, while EvoSync runs: `npm run rotate-keys`. */
const SAY_EVERY_MS = 1_000

await inWords(async () => {
  loadEnvFile()
  const { database, tokenKeys } = loadConfig(process.env, platforms)
  const vault = createVault(tokenKeys)
  if (vault.keyIds.length < 2) {
    throw new ConfigError([
      'TOKEN_KEYS: в списке один ключ, перешифровывать нечем. Допишите новый первым: TOKEN_KEYS=новый:…,старый:… (новый печатает npm run --silent secrets; дайте ему другое имя).',
    ])
  }
  const db = openDb(database)
  try {
    await openDatabase(db, database, { waitMs: 0 })
    await databaseInWords(database, async () => {
      await checkKeys(db, vault)
      report(vault.keyIds[0] ?? '', await resealAll(db, vault, progress()))
    })
  } finally {
    await db.destroy()
  }
})

function progress() {
  let [total, said] = [0, performance.now()]
  return (table: string, values: number) => {
    total += values
    if (performance.now() - said < SAY_EVERY_MS) return
    said = performance.now()
    console.log(`Перешифровано: ${total} (сейчас ${table})`)
  }
}

function report(first: string, { unreadable, left, free }: Resealed) {
  console.log(`Всё, что открывается, зашифровано ключом ${first}.`)
  if (free.length > 0)
    console.log(`Больше не нужны, можно убрать из TOKEN_KEYS: ${free.join(', ')}`)
  for (const id of new Set(left.map(({ keyId }) => keyId))) {
    console.log(`Ещё нужен, убирать нельзя: ${keyUseInWords(id, left)}`)
  }
  const lost = Object.entries(unreadable)
  if (lost.length > 0) {
    const tables = lost.map(([table, values]) => `${table}: ${values}`).join(', ')
    console.log(`Не открываются ни одним ключом (${tables}): подключите или создайте их заново.`)
  } else if (left.length > 0) {
    console.log(
      'Эти значения зашифровал экземпляр, у которого первым стоит старый ключ: поставьте новый первым у всех и повторите.',
    )
  }
  if (left.length > 0) process.exitCode = 1
}
