import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'dotenv'
import { expect, test } from 'vitest'
import { platforms } from '../../../app/providers/index.ts'
import { load, problemsOf } from '../settings.ts'

const text = readFileSync(path.join(import.meta.dirname, '../../../.env.example'), 'utf8')
const example = parse(text)

test('the example works as it stands, once it has secrets', () => {
  const { SESSION_SECRET, TOKEN_KEYS, ...rest } = example

  expect([SESSION_SECRET, TOKEN_KEYS]).toEqual(['', ''])
  expect(load(rest)).toMatchObject({ ...load(), sessionSecrets: [expect.any(String)], ...ANY_KEYS })
})

test('it has the keys of every platform of the list', () => {
  const without = platforms.filter(
    ({ key }) => !Object.keys(example).some((name) => name.startsWith(`${key.toUpperCase()}_`)),
  )

  expect(without.map(({ key }) => key)).toEqual([])
})

test('without them it says so', () => {
  expect(problemsOf(example)).toEqual([
    expect.stringMatching(/^SESSION_SECRET: не задан/),
    expect.stringMatching(/^TOKEN_KEYS: не заданы/),
  ])
})

test('the secrets it shows are fit for nobody in production', () => {
  const [, SESSION_SECRET = ''] = /production: (\S+)\nSESSION_SECRET=/.exec(text) ?? []
  const [, TOKEN_KEYS = ''] = /production: (\S+)\nTOKEN_KEYS=/.exec(text) ?? []

  expect(SESSION_SECRET.length).toBeGreaterThan(31)
  expect(TOKEN_KEYS).toMatch(/^k1:/)
  expect(problemsOf({ SESSION_SECRET, TOKEN_KEYS })).toEqual([])
  expect(problemsOf({ SESSION_SECRET, TOKEN_KEYS, DEPLOY_ENV: 'production' })).toEqual([
    expect.stringMatching(/^SESSION_SECRET: /),
    expect.stringMatching(/^TOKEN_KEYS: /),
  ])
})

/** Secrets and the platforms' own variables differ; everything else is as without any environment. */
const ANY_KEYS = {
  tokenKeys: [{ id: 'k1', bytes: expect.any(Buffer) as Buffer }],
  platforms: expect.any(Object) as object,
}
