import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Puts back what npm leaves out of the lock when it writes it anew (`npm run lock`), so that `npm ci` takes one of the
 * two SQLite packages and compiles only on Node 20. Why: docs/decisions/017-two-majors-of-sqlite.md.
 */
interface Lock {
  packages: Record<string, Record<string, unknown>>
}

const FILE = 'package-lock.json'
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as Lock
Object.assign(lock.packages['node_modules/better-sqlite3'] ?? {}, { engines: { node: '20.x' } })
Object.assign(lock.packages['node_modules/better-sqlite3-prebuilt'] ?? {}, { gypfile: false })
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
