import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import knex from 'knex'
import type { Vault } from '../crypto/vault.ts'
import { ConfigError } from '../errors.ts'
import { stampOf } from './backup-names.ts'
import { refuseCopy, tellRunning } from './copy-words.ts'
import { databaseOptions } from './db.ts'
import { proveCopy } from './prove-copy.ts'
import { aloneWith } from './sqlite-alone.ts'
import { openSqlite } from './sqlite-driver.ts'
import { beginsAsDatabase } from './sqlite-file.ts'
import { sqliteTrouble } from './sqlite-trouble.ts'

/**
 * Puts a copy in the place of a SQLite database, once it has proved to be sound, ours, not newer than this code and
 * sealed with keys we have. What was there is kept beside it.
 * @returns where that is; undefined where nothing was
 * @throws ConfigError in words, with nothing touched
 */
export async function restoreSqlite(
  copy: string,
  target: string,
  vault: Vault,
): Promise<string | undefined> {
  const draft = `${target}.restoring-${process.pid}`
  try {
    if (isSame(copy, target)) refuseCopy(copy, 'это сама база, а не её копия')
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 })
    takeOver(copy, draft)
    await prove(copy, draft, vault)
    return putInPlace(draft, target)
  } catch (error) {
    const words = sqliteTrouble(error, target, 'Копия не возвращена')
    throw words ? new ConfigError([words], { cause: error }) : error
  } finally {
    for (const part of partsOf(draft)) rmSync(part, { force: true })
  }
}

const SIDES = ['', '-wal', '-shm', '-journal']
const partsOf = (file: string) => SIDES.map((side) => file + side)

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false }))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

/** A copy that was made by hand may have its write-ahead log beside it. */
function takeOver(copy: string, draft: string) {
  const found = statSync(copy, { throwIfNoEntry: false })
  if (!found?.isFile()) refuseCopy(copy, 'такого файла нет. Копии лежат в папке backups')
  for (const side of ['', '-wal']) {
    if (!statSync(copy + side, { throwIfNoEntry: false })) continue
    copyFileSync(copy + side, draft + side, constants.COPYFILE_FICLONE)
    chmodSync(draft + side, 0o600)
  }
}

async function prove(copy: string, draft: string, vault: Vault) {
  inspect(copy, draft)
  const db = knex(databaseOptions({ client: 'sqlite', file: draft }))
  try {
    await proveCopy(db, copy, vault)
    await db.raw('pragma journal_mode = delete') // one file, fit to be moved
  } finally {
    await db.destroy()
  }
}

/** The whole of it, however large: this is the time to find out. */
function inspect(copy: string, draft: string) {
  try {
    const database = openSqlite(draft)
    try {
      const found = database.pragma('integrity_check(1)', { simple: true })
      if (found !== 'ok') refuseCopy(copy, 'файл повреждён. Возьмите другую копию')
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && BROKEN.test(String(error.code)))
      refuseCopy(copy, 'это не база SQLite, или файл повреждён. Возьмите другую копию')
    throw error
  }
}

const BROKEN = /^SQLITE_(NOTADB|CORRUPT.*|ERROR)$/

/** At no moment is there no database: a start in between would begin an empty one. */
function putInPlace(draft: string, target: string): string | undefined {
  if (!statSync(target, { throwIfNoEntry: false })) {
    renameSync(draft, target)
    return undefined
  }
  const kept = path.join(
    path.dirname(target),
    `before-restore-${stampOf(new Date())}${path.extname(target) || '.sqlite'}`,
  )
  try {
    if (!beginsAsDatabase(target)) throw Object.assign(new Error(), { code: 'SQLITE_NOTADB' })
    aloneWith(target, () => {
      swap(draft, target, kept)
    })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code === 'SQLITE_BUSY') tellRunning(target)
    if (!BROKEN.test(String(error.code))) throw error
    setSidesAside(target, kept) // what is broken is kept as it is
    swap(draft, target, kept)
  }
  return kept
}

function swap(draft: string, target: string, kept: string) {
  try {
    linkSync(target, kept)
  } catch {
    copyFileSync(target, kept, constants.COPYFILE_EXCL) // a disk that knows no second name for a file
  }
  renameSync(draft, target)
}

function setSidesAside(target: string, kept: string) {
  for (const side of SIDES.slice(1)) {
    if (statSync(target + side, { throwIfNoEntry: false })) renameSync(target + side, kept + side)
  }
}
