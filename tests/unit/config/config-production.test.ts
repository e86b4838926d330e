import { describe, expect, test } from 'vitest'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { load, problemsOf } from '../settings.ts'

const BASE_URL = 'https://shop.example.ru'
const keyOf = (bytes: Buffer) => `k1:${bytes.toString('base64')}`

describe('what production is', () => {
  test.each([
    [{}, false, 'development'],
    [{ NODE_ENV: 'production' }, true, 'production'],
    [{ NODE_ENV: 'test' }, false, 'development'],
    [{ DEPLOY_ENV: 'production' }, true, 'production'],
    [{ DEPLOY_ENV: 'production', NODE_ENV: 'development' }, true, 'production'],
    [{ DEPLOY_ENV: 'staging', NODE_ENV: 'production' }, false, 'staging'],
    [{ DEPLOY_ENV: 'development', NODE_ENV: 'production' }, false, 'development'],
  ])('%j', (environment, production, deployEnv) => {
    expect(load(environment)).toMatchObject({ production, deployEnv })
  })
})

describe.each([{ DEPLOY_ENV: 'production' }, { NODE_ENV: 'production' }])('in %j', (where) => {
  const refusals = (environment: Record<string, string>) =>
    problemsOf({ BASE_URL, ...where, ...environment })

  test('fresh secrets and https are accepted', () => {
    expect(refusals({})).toEqual([])
  })

  test('a SESSION_SECRET of 32 characters is long enough', () => {
    expect(refusals({ SESSION_SECRET: 'A-text-that-is-just-long-enough1' })).toEqual([])
  })

  test('missing secrets are named with the command that makes them', () => {
    expect(refusals({ SESSION_SECRET: '', TOKEN_KEYS: '' })).toEqual([
      expect.stringMatching(/^SESSION_SECRET: .*npm run --silent secrets/),
      expect.stringMatching(/^TOKEN_KEYS: .*npm run --silent secrets/),
    ])
  })

  test.each([
    ['of 31 characters', 'A-text-that-is-just-too-short-1'],
    ['that repeats one byte', 'x'.repeat(64)],
    ['of the example', 'your-own-long-random-text-of-32-characters-or-more'],
    ['that is short and stands second', `${freshSecrets().SESSION_SECRET},short`],
    ['of nothing but commas', ', ,'],
  ])('a SESSION_SECRET %s is refused', (_what, SESSION_SECRET) => {
    expect(refusals({ SESSION_SECRET })).toEqual([expect.stringMatching(/^SESSION_SECRET: /)])
  })

  test.each([
    ['of 31 bytes', keyOf(Buffer.from('A-text-that-is-just-too-short-1'))],
    ['of 33 bytes', keyOf(Buffer.from('A-text-that-is-just-a-bit-too-lng'))],
    ['that repeats one byte', keyOf(Buffer.alloc(32, 7))],
    ['of the example', 'k1:eW91ci1vd24tMzItYnl0ZXMteW91ci1vd24tMzItYnk='],
    ['of the example in base64url', 'k1:eW91ci1vd24tMzItYnl0ZXMteW91ci1vd24tMzItYnk'],
    ['without an id', freshSecrets().TOKEN_KEYS.slice(3)],
    ['that is weak and stands second', `${freshSecrets().TOKEN_KEYS},k2:${'A'.repeat(43)}=`],
    ['whose id stands twice', `${freshSecrets().TOKEN_KEYS},${freshSecrets().TOKEN_KEYS}`],
  ])('a TOKEN_KEYS entry %s is refused', (_what, TOKEN_KEYS) => {
    expect(refusals({ TOKEN_KEYS })).toEqual([expect.stringMatching(/^TOKEN_KEYS: /)])
  })

  test('no refusal repeats the secret itself', () => {
    const problems = refusals({ SESSION_SECRET: 'hunter2', TOKEN_KEYS: 'k1:hunter2' })

    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toContain('hunter2')
  })

  test('passwords may not go over the network in the open', () => {
    expect(refusals({ BASE_URL: 'http://shop.example.ru' })).toEqual([
      expect.stringMatching(/^BASE_URL: .*https/),
    ])
  })

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.8.8.8',
    'http://[::1]:3000',
  ])('%s stays on this machine, so plain http will do', (address) => {
    expect(refusals({ BASE_URL: address })).toEqual([])
  })

  test.each(['http://localhost.example.ru', 'http://127.0.0.1.nip.io', 'http://192.168.1.5'])(
    '%s only looks like this machine',
    (address) => {
      expect(refusals({ BASE_URL: address })).toHaveLength(1)
    },
  )
})

describe('outside production', () => {
  test('a short SESSION_SECRET will do, a missing one will not', () => {
    expect(problemsOf({ SESSION_SECRET: 'short' })).toEqual([])
    expect(problemsOf({ SESSION_SECRET: '' })).toHaveLength(1)
  })

  test('a key is 32 bytes all the same', () => {
    expect(problemsOf({ TOKEN_KEYS: keyOf(Buffer.alloc(32, 7)) })).toEqual([])
    expect(problemsOf({ TOKEN_KEYS: keyOf(Buffer.alloc(16, 7)) })).toHaveLength(1)
  })

  test('plain http will do', () => {
    expect(load({ BASE_URL: 'http://shop.example.ru' }).secure).toBe(false)
  })
})
