import path from 'node:path'
import type { DatabaseConfig } from '../app/config/database.ts'
import { stampOf } from '../app/store/backup-names.ts'
import { copySqlite } from '../app/store/backups.ts'
import type { Db } from '../app/store/db.ts'
import { type Loss, lossOf } from '../app/store/undo.ts'
import { confirm } from './confirm.ts'

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
  if (!yes) await confirm(word, 'Остановите EvoSync. ')
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
