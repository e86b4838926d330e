import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Where copies go that nobody named a place for. */
export const BACKUPS = 'backups'

/** How to get the data back, with the newest copy there is. */
export function adviceFromBackup(file: string): string {
  const copy = newestBackup()
  return copy
    ? `остановите EvoSync, отложите ${file} вместе с ${path.basename(file)}-wal и -shm в сторону и верните последнюю копию: cp ${copy} ${file}`
    : `остановите EvoSync, отложите ${file} вместе с ${path.basename(file)}-wal и -shm в сторону и верните на его место копию, сделанную npm run backup (в папке ${BACKUPS} копий нет)`
}

function newestBackup(): string | undefined {
  try {
    const copies = readdirSync(BACKUPS)
      .filter((name) => /\.(sqlite3?|db)$/.test(name))
      .map((name) => path.join(BACKUPS, name))
    return copies.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  } catch {
    return undefined // no such folder, or not ours to read: there is nothing to name
  }
}
