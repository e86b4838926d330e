import { describe, expect, test } from 'vitest'
import { NotFound } from '../../../app/errors.ts'
import { createProviders, platforms } from '../../../app/providers/index.ts'
import { RESERVED } from '../../../app/providers/reserved.ts'
import { load } from '../settings.ts'
import { importsOf, readSources, type Sources } from '../house/sources.ts'

const providers = createProviders(load())
const keys = platforms.map(({ key }) => key)

test('every file of app/providers is reached from the list', () => {
  const sources = readSources('app/providers')

  const reached = reachedFrom('app/providers/index.ts', sources)

  expect([...sources.keys()].filter((file) => !reached.has(file))).toEqual(NO_PLATFORMS)
})

test('the file of a platform has sixty lines at the most in the median', () => {
  const sources = readSources('app/providers')

  const mainOf = (key: string) =>
    sources.get(`app/providers/${key}.ts`) ?? sources.get(`app/providers/${key}/index.ts`)
  const lines = keys.map((key) => mainOf(key)?.split('\n').length ?? NaN)

  const sorted = lines.toSorted((a, b) => a - b)
  const middle = [Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2)]
  const [lower = NaN, upper = NaN] = middle.map((at) => sorted[at])
  expect((lower + upper) / 2).toBeLessThanOrEqual(61)
})

test('a file nobody lists is noticed', () => {
  const planted = new Map([
    ['app/providers/index.ts', `import { wix } from './wix.ts'`],
    ['app/providers/wix/index.ts', `import type { WixSettings } from './wix-link.ts'`],
    ['app/providers/wix-link.ts', ''],
    ['app/providers/forgotten.ts', ''],
  ])

  expect(reachedFrom('app/providers/index.ts', planted)).not.toContain('app/providers/forgotten.ts')
})

describe('keys', () => {
  test('are all different', () => {
    expect(new Set(keys).size).toBe(keys.length)
  })

  test.each(keys)('%s can be an address, and in capitals a variable', (key) => {
    expect(key).toMatch(/^[a-z][a-z0-9]{0,31}$/)
  })

  test.each(keys)('%s is no page of ours', (key) => {
    expect(FIXED_ROUTES).not.toContain(key)
    expect(routesInCode()).not.toContain(key)
  })

  test('of administrators cannot be a page of ours, now or by the design', () => {
    for (const word of [...FIXED_ROUTES, ...routesInCode()]) expect(RESERVED).toContain(word)
    for (const word of besideAdminPages()) expect(RESERVED).toContain(word)
    for (const key of [...RESERVED, ...keys]) expect(providers.isFree(key), key).toBe(false)
    expect(providers.isFree('rayon')).toBe(true)
  })

  test('the pages of ours are found in the code', () => {
    expect(routesInCode()).toEqual(
      expect.arrayContaining(['connections', 'login', 'register', 'account', 'admin', 'healthz']),
    )
  })
})

describe('the registry', () => {
  test('holds every platform under its own key, in the order of the cards', () => {
    expect(providers.all.map(({ key }) => key)).toEqual(platforms.map(({ key }) => key))
    for (const provider of providers.all) expect(providers.get(provider.key)).toBe(provider)
  })

  test.each(['nope', 'VK', '', '__proto__', 'constructor'])('knows no «%s»', (key) => {
    expect(providers.find(key)).toBeUndefined()
    expect(() => providers.get(key)).toThrow(NotFound)
  })

  test('finds the ends of the goods’ way by their keys', () => {
    const ends = { source: providers.source()?.key, target: providers.target()?.key }

    expect(ends).toEqual({ source: 'evotor', target: 'vk' })
    expect(providers.source(ends.source)).toBe(providers.find('evotor'))
    expect(providers.target(ends.target)).toBe(providers.find('vk'))
    for (const key of [ends.target, 'bing', 'nope', '__proto__'])
      expect(providers.source(key), key).toBeUndefined()
    for (const key of [ends.source, 'bing', 'nope']) expect(providers.target(key)).toBeUndefined()
  })
})

describe.each(providers.all)('the words of $key', (provider) => {
  const { words, scopes, pasted, title } = provider
  const account = { id: '777', name: 'Марина Ковалёва', profile: { stores: [{ name: 'Лавка' }] } }
  const texts = textsIn([
    title,
    words,
    scopes,
    pasted,
    [words.done(account), words.done({ profile: {} })],
    [words.facts(account), words.facts({ profile: {} })],
    words.table?.(account),
  ])

  test('are there', () => {
    expect(texts.length).toBeGreaterThan(20)
    for (const text of texts) expect(text.trim()).not.toBe('')
  })

  test('are written as a careful person writes', () => {
    for (const text of texts)
      expect(text).not.toMatch(/["'!]|Упс|пожалуйста|\u00a0|\s{2}|undefined/)
  })

  test('send the administrator’s eye to the redirect URI', () => {
    expect(words.setup.join()).toContain('{redirectUri}')
  })

  test('name the icon by its Bootstrap class', () => {
    expect(provider.icon).toMatch(/^bi-[a-z-]+$/)
  })
})

/** What flows and pages ask about any platform; no platform needs it. */
const NO_PLATFORMS: readonly string[] = ['app/providers/scopes.ts']

const FIXED_ROUTES = [
  'connections',
  'login',
  'logout',
  'register',
  'forgot',
  'reset',
  'account',
  'admin',
  'api',
  'sync',
  'help',
  'privacy',
  'healthz',
  'readyz',
  'metrics',
  'assets',
]

/** First parts of every address the routers name; those of the API and of files stand under one of ours. */
function routesInCode(): string[] {
  const files = [...readSources('app/web')].filter(
    ([file]) => !/\/(api((-connections)?|\/(router|connections))|assets\/router)\.ts$/.test(file),
  )
  const text = files.map(([, code]) => code).join('\n')
  const named = text.matchAll(/\.(?:get|post|put|patch|delete|use)\(\s*'\/([a-z]+)/g)
  return [...named].map(([, first = '']) => first)
}

/** What stands where an administrator's page names a platform: `/admin/providers/new`. */
function besideAdminPages(): string[] {
  const text = [...readSources('app/web').values()].join('\n')
  const named = [...text.matchAll(/'\/admin\/providers\/([a-z]+)'/g)].map(([, word = '']) => word)
  expect(named).toContain('new')
  return named
}

function reachedFrom(start: string, sources: Sources): Set<string> {
  const reached = new Set<string>()
  const visit = (file: string) => {
    const text = sources.get(file)
    if (text === undefined || reached.has(file)) return
    reached.add(file)
    for (const { target } of importsOf(file, text)) visit(target)
  }
  visit(start)
  return reached
}

/** Every text in a value, however deep; what functions say has to be asked of them first. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
