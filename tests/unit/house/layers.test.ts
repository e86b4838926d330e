import { describe, expect, test } from 'vitest'
import { COMPUTED, importsOf, readSources, type Sources } from './sources.ts'

const sources = readSources('app', 'db', 'scripts')

describe('the house as it stands', () => {
  test('there is a house to look at', () => {
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['app/server.ts', 'app/http/client.ts', 'db/migrations/index.ts']),
    )
  })

  test('every file belongs to a layer', () => {
    expect(filesWithoutLayer(sources)).toEqual([])
  })

  test('imports point to the left', () => {
    expect(arrowsToTheRight(sources)).toEqual([])
  })

  test('no two files of a layer need each other to be loaded', () => {
    expect(filesInCircles(sources)).toEqual([])
  })
})

describe('the checker itself', () => {
  test.each([
    ['import', `import { app } from '../app.ts'`],
    ['import for side effects', `import '../app.ts'`],
    ['import type', `import type { App } from '../app.ts'`],
    ['export from', `export { app } from '../app.ts'`],
    ['export star', `export * from '../app.ts'`],
    ['import()', `const app = await import('../app.ts')`],
    ['a type by import()', `let app: import('../app.ts').App`],
    ['require()', `const app = require('../app.ts')`],
  ])('%s is an arrow', (_kind, line) => {
    const planted = new Map([['app/http/client.ts', line]])

    expect(arrowsToTheRight(planted)).toEqual(['app/http/client.ts → app/app.ts'])
  })

  test('an import nobody can follow is refused', () => {
    const planted = new Map([['app/web/page.ts', 'await import(name)']])

    expect(arrowsToTheRight(planted)).toEqual(['app/web/page.ts → (computed)'])
  })

  test.each([
    ['app/crypto/vault.ts', '../app/http/guard.ts'],
    ['app/http/client.ts', '../oauth/auth.ts'],
    ['app/oauth/tokens.ts', '../sync/plan.ts'],
    ['app/catalogue/plan.ts', '../store/db.ts'],
    ['app/store/db.ts', '../context.ts'],
    ['app/context.ts', './flows/connect.ts'],
    ['app/flows/connections/connect.ts', '../web/forms.ts'],
    ['app/flows/connections/connect.ts', '../jobs.ts'],
    ['app/web/kit/forms.ts', '../app.ts'],
    ['app/jobs.ts', './serve.ts'],
    ['app/serve.ts', './server.ts'],
    ['app/server.ts', '../scripts/demo.ts'],
    ['app/server.ts', '../tests/support/app.ts'],
    ['app/flows/connections/connect.ts', '../../db/migrations/index.ts'],
    ['db/migrations/001-users.ts', '../../app/errors.ts'],
    ['scripts/demo.ts', '../tests/support/app.ts'],
  ])('%s may not import %s', (file, specifier) => {
    const planted = new Map([[file, `import '${specifier}'`]])

    expect(arrowsToTheRight(planted)).toHaveLength(1)
  })

  test.each([
    ['app/http/client.ts', '../errors.ts'],
    ['app/http/client.ts', './guard.ts'],
    ['app/providers/wix/index.ts', '../sync/plan.ts'],
    ['app/store/db.ts', '../../db/migrations/index.ts'],
    ['app/web/kit/forms.ts', '../flows/connect.ts'],
    ['app/server.ts', './vault.ts'],
    ['scripts/demo.ts', '../tests/simulators/wix.ts'],
    ['scripts/bench/pages.ts', '../../tests/support/browser.ts'],
  ])('%s may import %s', (file, specifier) => {
    const planted = new Map([[file, `import '${specifier}'`]])

    expect(arrowsToTheRight(planted)).toEqual([])
  })

  test('a file beside the layers is found', () => {
    const planted = new Map([
      ['app/helpers.ts', ''],
      ['app/utils/text.ts', ''],
      ['app/web/kit/forms.ts', ''],
    ])

    expect(filesWithoutLayer(planted)).toEqual(['app/helpers.ts', 'app/utils/text.ts'])
  })

  test('a circle of three files is found', () => {
    const planted = new Map([
      ['app/web/a.ts', `import './b.ts'`],
      ['app/web/b.ts', `import { c } from './c.ts'`],
      ['app/web/c.ts', `export { a } from './a.ts'`],
      ['app/web/d.ts', `import './a.ts'`],
    ])

    expect(filesInCircles(planted)).toEqual(['app/web/a.ts', 'app/web/b.ts', 'app/web/c.ts'])
  })

  test('a circle closed by a type alone is none', () => {
    const planted = new Map([
      ['app/web/a.ts', `import { b } from './b.ts'`],
      ['app/web/b.ts', `import type { A } from './a.ts'`],
    ])

    expect(filesInCircles(planted)).toEqual([])
  })

  test('an import of nothing but types inside braces is loaded all the same', () => {
    const planted = new Map([
      ['app/web/a.ts', `import { b } from './b.ts'`],
      ['app/web/b.ts', `import { type A } from './a.ts'`], // verbatimModuleSyntax keeps it as `import {}`
    ])

    expect(filesInCircles(planted)).toEqual(['app/web/a.ts', 'app/web/b.ts'])
  })
})

/** From left to right; a file imports from its own layer or one to the left. Migrations know nothing of the app. */
const LAYERS: readonly RegExp[] = [
  /^(db\/|app\/picture-decoder\.js$)/,
  /^app\/(errors|clock|config|env-file|emails|log|variables|platform-variables|vault|secrets|plural|passwords|pictures|decoder|request|texts|texts-sync|metrics|recent|ticks|descriptors)\.ts$/,
  /^app\/http\//,
  /^app\/oauth\//,
  /^app\/(providers|sync)\//,
  /^app\/store\//,
  /^app\/context\.ts$/,
  /^app\/flows\//,
  /^app\/(web\/|(jobs|ticker)\.ts$)/,
  /^app\/app\.ts$/,
  /^app\/(listen|serve)\.ts$/,
  /^app\/server\.ts$/,
  /^scripts\//,
]

/** Left of everything, yet only for those who may speak to the database. */
const MAY_IMPORT_MIGRATIONS = /^(db|app\/store)\//

const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.test(file))

const filesWithoutLayer = (files: Sources) => [...files.keys()].filter((file) => layerOf(file) < 0)

function arrowsToTheRight(files: Sources): string[] {
  return [...files].flatMap(([file, text]) =>
    importsOf(file, text)
      .filter(({ target }) => !mayImport(file, target))
      .map(({ target }) => `${file} → ${target}`),
  )
}

function mayImport(file: string, target: string): boolean {
  if (target === COMPUTED) return false
  if (!/^(app|db|scripts|tests)\//.test(target)) return true
  if (target.startsWith('tests/')) return mayImportFromTests(file, target)
  if (target.startsWith('db/') && !MAY_IMPORT_MIGRATIONS.test(file)) return false
  return layerOf(target) >= 0 && layerOf(target) <= layerOf(file)
}

/** The demo is the product with stand-ins for the platforms; a benchmark plays the person in front of it as well. */
function mayImportFromTests(file: string, target: string): boolean {
  return (
    (file.startsWith('scripts/') && target.startsWith('tests/simulators/')) ||
    (file.startsWith('scripts/bench/') && target.startsWith('tests/support/'))
  )
}

function filesInCircles(files: Sources): string[] {
  const loaded = new Map(
    [...files].map(([file, text]) => {
      const values = importsOf(file, text).filter(({ typeOnly }) => !typeOnly)
      return [file, values.map(({ target }) => target)]
    }),
  )
  return [...files.keys()].filter((file) => reachable(file, loaded).has(file))
}

/** Everything that is loaded because `start` is. */
function reachable(start: string, loaded: ReadonlyMap<string, string[]>): Set<string> {
  const seen = new Set<string>()
  const waiting = [...(loaded.get(start) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...(loaded.get(next) ?? []))
  }
  return seen
}
