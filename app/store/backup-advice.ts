import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Where copies go that nobody named a place for. */
export const BACKUPS = 'backups'

/** How to get the data back, with the newest copy there is. */
export function adviceFromBackup(file: string): string {
  const copy = newestBackup()
  return copy
    ? `остановите EvoSync и верните последнюю копию: npm run restore -- ${copy} (прежний ${file} останется рядом)`
    : `остановите EvoSync и верните копию, сделанную npm run backup: npm run restore -- имя-копии (прежний ${file} останется рядом; в папке ${BACKUPS} копий нет)`
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
