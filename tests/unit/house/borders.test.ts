import { describe, expect, test } from 'vitest'
import { NOT_BUNDLED } from '../../../scripts/build-code.ts'
import { importsOf, readsEnvironment, readSources, type Sources } from './sources.ts'

const sources = readSources('app', 'db', 'scripts')

describe('the house as it stands', () => {
  test('the environment is read at the edges only', () => {
    expect(readersOfEnvironment(sources)).toEqual([])
  })

  test('only the store speaks to the database', () => {
    expect(importersOf(sources, /^(knex|better-sqlite3)(\/|$)/, SPEAKS_SQL)).toEqual([])
  })

  test('SQLite is loaded at one place, which knows the majors; a peer of the benchmark is told', () => {
    const everything = readSources('app', 'db', 'scripts', 'tests')
    const loaders = [...everything].flatMap(([file, text]) =>
      importsOf(file, text)
        .filter(({ target, typeOnly }) => !typeOnly && target.startsWith('better-sqlite3'))
        .map(() => file),
    )

    expect([...new Set(loaders)]).toEqual([
      'app/store/sqlite-driver.ts',
      'scripts/bench/peers/server.js',
    ])
  })

  test('a package that waits for its first use is loaded by a file of ours', () => {
    expect(packagesLoadedLater(sources)).toEqual([])
  })

  test('only app/http speaks to the network', () => {
    expect(importersOf(sources, /^undici(\/|$)/, CALLS_OUT)).toEqual([])
  })
})

describe('the checker itself', () => {
  test.each([
    `const port = process.env.PORT`,
    `const port = process['env'].PORT`,
    `const { env } = process`,
    `load(process)`,
    `import { env } from 'node:process'`,
  ])('«%s» reads the environment', (line) => {
    expect(readersOfEnvironment(new Map([['app/web/kit/forms.ts', line]]))).toEqual([
      'app/web/kit/forms.ts',
    ])
    expect(readersOfEnvironment(new Map([['app/server.ts', line]]))).toEqual([])
  })

  test('a property of another thing, and a comment, read no environment', () => {
    const planted = new Map([
      ['app/web/kit/forms.ts', `// process.env\nconst a = { process: 1 }\nprocess.exit(a.process)`],
    ])

    expect(readersOfEnvironment(planted)).toEqual([])
  })

  test('a bundled package that is loaded by its name is found, a type and a file of ours are none', () => {
    const planted = new Map([
      ['app/http/a.ts', `const { Agent } = await import('undici')`],
      ['app/http/b.ts', `let agent: import('undici').Agent`],
      ['app/http/c.ts', `const { openAgent } = await import('./open-agent.ts')`],
      ['app/http/d.ts', `const sharp = () => import('sharp')`],
    ])

    expect(packagesLoadedLater(planted)).toEqual(['app/http/a.ts: undici'])
  })

  test('a package imported out of its place is found', () => {
    const planted = new Map([
      ['app/flows/connections/connect.ts', `import type { Knex } from 'knex'`],
      ['app/web/page.ts', `const dialect = require('knex/lib/index.js')`],
      ['app/web/kit/pages.ts', `import { knexed } from './knex.ts'`],
      ['app/store/db.ts', `import knex from 'knex'`],
      ['scripts/demo.ts', `import Sqlite from 'better-sqlite3'`],
    ])

    expect(importersOf(planted, /^(knex|better-sqlite3)(\/|$)/, SPEAKS_SQL)).toEqual([
      'app/flows/connections/connect.ts: knex',
      'app/web/page.ts: knex/lib/index.js',
      'scripts/demo.ts: better-sqlite3',
    ])
  })
})

/** Of a package in the old format that is bundled, `import()` gives no names: an `import` in a file of ours does. */
const packagesLoadedLater = (files: Sources): string[] =>
  [...files]
    .filter(([file]) => file.startsWith('app/'))
    .flatMap(([file, text]) =>
      [...text.matchAll(/\bimport\('([^.'][^']*)'\)(?!\.[A-Z])/g)]
        .map(([, name = '']) => name)
        .filter((name) => !NOT_BUNDLED.includes(name))
        .map((name) => `${file}: ${name}`),
    )

/** A benchmark looks into the file from outside, as it calls us from outside. */
const SPEAKS_SQL = /^(app\/store\/|db\/|scripts\/bench\/)/
/** A benchmark calls us, as a person's browser would. */
const CALLS_OUT = /^(app\/http\/|scripts\/bench\/)/
const READS_ENVIRONMENT = /^(app\/server\.ts$|scripts\/)/

function readersOfEnvironment(files: Sources): string[] {
  const readers = [...files].filter(([file, text]) => readsEnvironment(file, text))
  return readers.map(([file]) => file).filter((file) => !READS_ENVIRONMENT.test(file))
}

function importersOf(files: Sources, name: RegExp, allowed: RegExp): string[] {
  return [...files].flatMap(([file, text]) =>
    importsOf(file, text)
      .filter(({ target }) => name.test(target) && !allowed.test(file))
      .map(({ target }) => `${file}: ${target}`),
  )
}
