import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { DatabaseConfig } from '../app/config/database.ts'
import { ConfigError } from '../app/errors.ts'
import { stampOf } from '../app/store/backup-names.ts'
import { copySqlite } from '../app/store/backups.ts'
import type { Db } from '../app/store/db.ts'
import { type Loss, lossOf } from '../app/store/undo.ts'

/** Spares the question, for scripts. */
export const YES = '--yes'

/**
 * Says what taking these migrations back will destroy, asks for the name of the first one, and copies a SQLite file.
 * @throws ConfigError when nobody confirmed; nothing is touched then
 */
export async function confirmUndo(
  db: Db,
  config: DatabaseConfig,
  names: readonly string[],
  yes: boolean,
): Promise<void> {
  console.log(`Будет отменено изменений базы: ${names.length} (${names.join(', ')}).`)
  for (const line of told(await lossOf(db, names))) console.log(line)
  const [word = ''] = names
  if (!yes && (await answer(word)) !== word) {
    throw new ConfigError(['Не подтверждено, ничего не изменено.'])
  }
  if (config.client === 'postgres') {
    console.log('Копию PostgreSQL делает pg_dump; здесь её не сделали.')
    return
  }
  const name = `before-undo-${word}-${stampOf(new Date())}.sqlite`
  const beside = path.join(path.dirname(config.file), name)
  console.log(`Копия базы, сделанная до отмены: ${await copySqlite(config.file, beside)}`)
}

function told({ tables, columns }: Loss): string[] {
  const lines = [
    ...tables.map(({ name, rows }) => `  таблица ${name}, строк в ней: ${rows}`),
    ...columns.map((name) => `  столбец ${name}`),
  ]
  return lines.length > 0
    ? ['Безвозвратно исчезнет:', ...lines]
    : ['Таблицы и столбцы остаются, меняется только их устройство.']
}

async function answer(word: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new ConfigError([
      `Не подтверждено, ничего не изменено. Запустите в терминале и напечатайте ${word}, или добавьте -- ${YES} (для скриптов).`,
    ])
  }
  const terminal = createInterface(process.stdin, process.stdout)
  const said = await terminal.question(
    `Остановите EvoSync. Чтобы продолжить, напечатайте ${word}: `,
  )
  terminal.close()
  return said.trim()
}
