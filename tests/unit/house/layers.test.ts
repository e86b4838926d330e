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

  test('no two files need each other, be it for a type', () => {
    expect(filesInCircles(sources)).toEqual([])
  })

  test('rooms stand in an order', () => {
    expect(loopsOfRooms()).toEqual([])
  })

  test.each(Object.entries(ROOMS))('the rooms of %s are those that are there', (layer, rooms) => {
    expect(roomsThatAreThere(layer).sort()).toEqual(Object.keys(rooms).sort())
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
    ['app/crypto/a.ts', '../http/guard.ts'],
    ['app/http/a.ts', '../oauth/auth.ts'],
    ['app/oauth/a.ts', '../catalogue/plan.ts'],
    ['app/catalogue/a.ts', '../store/db.ts'],
    ['app/store/a.ts', '../context.ts'],
    ['app/context.ts', './flows/limit.ts'],
    ['app/flows/a.ts', '../web/kit/forms.ts'],
    ['app/flows/notices/a.ts', '../../jobs.ts'],
    ['app/web/kit/a.ts', '../../app.ts'],
    ['app/jobs.ts', './serve.ts'],
    ['app/serve.ts', './server.ts'],
    ['app/server.ts', '../scripts/demo.ts'],
    ['app/server.ts', '../tests/support/app.ts'],
    ['app/flows/notices/a.ts', '../../../db/migrations/index.ts'],
    ['db/migrations/a.ts', '../../app/errors.ts'],
    ['scripts/a.ts', '../tests/support/app.ts'],
  ])('%s may not import %s', (file, specifier) => {
    const planted = new Map([[file, `import '${specifier}'`]])

    expect(arrowsToTheRight(planted)).toHaveLength(1)
  })

  test.each([
    ['app/http/a.ts', '../errors.ts'],
    ['app/http/a.ts', './guard.ts'],
    ['app/providers/a/b.ts', '../../catalogue/plan.ts'],
    ['app/store/a.ts', '../../db/migrations/index.ts'],
    ['app/web/kit/a.ts', '../../flows/limit.ts'],
    ['app/server.ts', './config/index.ts'],
    ['scripts/a.ts', '../tests/simulators/wix.ts'],
    ['scripts/bench/a.ts', '../../tests/support/browser.ts'],
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

  test('a circle closed by a type is one', () => {
    const planted = new Map([
      ['app/web/kit/a.ts', `import { b } from './b.ts'`],
      ['app/web/kit/b.ts', `import type { A } from './a.ts'`],
    ])

    expect(filesInCircles(planted)).toEqual(['app/web/kit/a.ts', 'app/web/kit/b.ts'])
  })

  test.each([
    ['app/flows/notices/letter.ts', '../connections/connect.ts'],
    ['app/flows/connections/connect.ts', '../catalogue/preview.ts'],
    ['app/flows/catalogue/runs/undo-steps.ts', '../../accounts/register.ts'],
    ['app/flows/platforms/try-provider.ts', '../accounts/sign-in.ts'],
    ['app/web/kit/forms.ts', '../catalogue/page.ts'],
    ['app/web/catalogue/page.ts', '../connections/rail.ts'],
    ['app/web/admin/health-page.ts', '../api/router.ts'],
    ['app/web/new/page.ts', '../kit/forms.ts'],
  ])('%s may not go to %s', (file, specifier) => {
    const planted = new Map([[file, `import type { A } from '${specifier}'`]])

    expect(arrowsToTheRight(planted)).toHaveLength(1)
  })

  test.each([
    ['app/flows/catalogue/runs/undo-steps.ts', '../preview.ts'],
    ['app/flows/catalogue/preview.ts', '../limit.ts'],
    ['app/flows/accounts/delete-account.ts', '../connections/disconnect.ts'],
    ['app/web/connections/rail.ts', '../catalogue/dashboard-rail.ts'],
  ])('%s may go to %s', (file, specifier) => {
    const planted = new Map([[file, `import '${specifier}'`]])

    expect(arrowsToTheRight(planted)).toEqual([])
  })
})

/** From left to right; a file imports from its own layer or one to the left. Migrations know nothing of the app. */
const LAYERS: readonly RegExp[] = [
  /^(db\/|app\/pictures\/picture-decoder\.js$)/,
  /^app\/((errors|clock|root)\.ts$|(config|observe|crypto|texts|pictures)\/)/,
  /^app\/http\//,
  /^app\/oauth\//,
  /^app\/(providers|catalogue)\//,
  /^app\/store\//,
  /^app\/context\.ts$/,
  /^app\/flows\//,
  /^app\/(web\/|(jobs|ticker)\.ts$)/,
  /^app\/app\.ts$/,
  /^app\/(listen|serve)\.ts$/,
  /^app\/server\.ts$/,
  /^scripts\//,
]

/**
 * Rooms of a layer by what they know: each imports from itself and from those named, whose needs it shares. What stands
 * loose in the layer is everybody's.
 */
const ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'app/flows': {
    notices: [],
    connections: ['notices'],
    catalogue: ['connections', 'notices'],
    platforms: ['connections', 'notices'],
    doctor: ['notices'],
    accounts: ['catalogue', 'connections', 'notices', 'platforms'],
    transfer: ['catalogue', 'platforms'],
  },
  'app/web': {
    kit: [],
    assets: [],
    accounts: ['kit'],
    catalogue: ['kit'],
    connections: ['accounts', 'catalogue', 'kit'],
    admin: ['accounts', 'catalogue', 'connections', 'kit'],
    api: ['accounts', 'admin', 'catalogue', 'connections', 'kit'],
  },
}

/** Runs what it is told to, and knows nothing of it. */
const LAUNCHER = 'scripts/run.js'

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
  if (target === COMPUTED) return file === LAUNCHER
  if (!/^(app|db|scripts|tests)\//.test(target)) return true
  if (target.startsWith('tests/')) return mayImportFromTests(file, target)
  if (target.startsWith('db/') && !MAY_IMPORT_MIGRATIONS.test(file)) return false
  return layerOf(target) >= 0 && layerOf(target) <= layerOf(file) && mayEnter(file, target)
}

function mayEnter(file: string, target: string): boolean {
  return Object.entries(ROOMS).every(([layer, rooms]) => {
    const [from, to] = [roomIn(layer, file), roomIn(layer, target)]
    if (from === undefined || to === undefined || from === to) return true
    return rooms[from]?.includes(to) ?? false
  })
}

/** The folder inside a layer; undefined for what stands loose in it, or elsewhere. */
const roomIn = (layer: string, file: string): string | undefined =>
  file.startsWith(`${layer}/`) ? /^([^/]+)\//.exec(file.slice(layer.length + 1))?.[1] : undefined

function loopsOfRooms(): string[] {
  return Object.values(ROOMS).flatMap((rooms) =>
    Object.keys(rooms).filter((room) => reachable(room, new Map(Object.entries(rooms))).has(room)),
  )
}

const roomsThatAreThere = (layer: string): string[] => [
  ...new Set([...sources.keys()].flatMap((file) => roomIn(layer, file) ?? [])),
]

/** The demo is the product with stand-ins for the platforms; a benchmark plays the person in front of it as well. */
function mayImportFromTests(file: string, target: string): boolean {
  return (
    (file.startsWith('scripts/') && target.startsWith('tests/simulators/')) ||
    (file.startsWith('scripts/bench/') && target.startsWith('tests/support/'))
  )
}

function filesInCircles(files: Sources): string[] {
  const needed = new Map(
    [...files].map(([file, text]) => [file, importsOf(file, text).map(({ target }) => target)]),
  )
  return [...files.keys()].filter((file) => reachable(file, needed).has(file))
}

/** Everything that is needed because `start` is. */
function reachable(
  start: string,
  needed: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = [...(needed.get(start) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    waiting.push(...(needed.get(next) ?? []))
  }
  return seen
}
