import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { driverPackage } from '../../../app/store/sqlite-driver.ts'

interface Locked {
  version: string
  optional?: boolean
  gypfile?: boolean
  engines?: { node: string }
}

const text = readFileSync(path.join(import.meta.dirname, '../../../package-lock.json'), 'utf8')
const { packages } = JSON.parse(text) as { packages: Record<string, Locked> }

// npm drops both lines whenever it writes the lock: `npm run lock` puts them back.
describe('The lock holds both majors of SQLite apart', () => {
  test('the one that is compiled is for Node 20 alone', () => {
    const compiled = packages['node_modules/better-sqlite3']

    expect(compiled).toMatchObject({ optional: true, engines: { node: '20.x' } })
    expect(compiled?.version).toMatch(/^12\./)
  })

  test('the one with binaries is never compiled, and never put on Node 20', () => {
    const prebuilt = packages['node_modules/better-sqlite3-prebuilt']

    expect(prebuilt).toMatchObject({ optional: true, gypfile: false, engines: { node: '>=22' } })
    expect(prebuilt?.version).toMatch(/^13\.([2-9]|\d\d)/)
  })

  test.each([
    ['20.19.0', 'better-sqlite3'],
    ['22.12.0', 'better-sqlite3-prebuilt'],
    ['24.21.0', 'better-sqlite3-prebuilt'],
    ['26.1.0', 'better-sqlite3-prebuilt'],
  ])('Node %s loads %s', (node, name) => {
    expect(driverPackage(node)).toBe(name)
  })
})
