import { parseArgs } from 'node:util'
import { type DatabaseConfig, databaseOf } from '../app/config/database.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { ConfigError } from '../app/errors.ts'
import { inWords as databaseInWords } from '../app/store/await-database.ts'
import { copyAll } from '../app/store/copy-database.ts'
import { openDb } from '../app/store/db.ts'
import { refuseInUse } from '../app/store/in-use.ts'
import { inWords } from './in-words.ts'

/**
 * Copies everything into an empty database: `npm run copy-database -- --from db/evosync.sqlite --to postgres://…`, or the
 * other way. A password that is not in the address is taken from PGPASSWORD.
 */
await inWords(async () => {
  loadEnvFile()
  process.umask(0o077)
  const [from, to] = ends()
  await refuseInUse(from)
  await refuseInUse(to)
  const [source, target] = [openDb(from), openDb(to)]
  try {
    const tell = ({ table, rows }: { table: string; rows: number }) => {
      console.log(`${table}: строк ${rows}, сошлось`)
    }
    await databaseInWords(from, () =>
      copyAll({ db: source, config: from }, { db: target, config: to }, tell),
    )
  } finally {
    await Promise.all([source.destroy(), target.destroy()])
  }
  const setting = to.client === 'sqlite' ? 'DATABASE_FILE' : 'DATABASE_URL'
  console.log(
    `Скопировано всё, строки и контрольные суммы каждой таблицы сошлись. Впишите новую базу в .env (${setting}) и запустите EvoSync; прежняя осталась как была.`,
  )
})

function ends(): [DatabaseConfig, DatabaseConfig] {
  const { from, to } = given()
  if (!from || !to || from === to) {
    throw new ConfigError([
      'Как вызвать: npm run copy-database -- --from db/evosync.sqlite --to postgres://имя@сервер:5432/база (или наоборот). Пароль лучше дать переменной PGPASSWORD: командную строку видят все на этой машине.',
    ])
  }
  return [endOf(from), endOf(to)]
}

function given(): { from?: string | undefined; to?: string | undefined } {
  try {
    return parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } }).values
  } catch {
    return {} // a word we do not know: how it is called is said then
  }
}

function endOf(place: string): DatabaseConfig {
  return databaseOf(
    /^postgres(ql)?:/.test(place)
      ? { DATABASE_URL: place, DATABASE_PREPARE: process.env.DATABASE_PREPARE }
      : { DATABASE_FILE: place },
  )
}
