import { expect, test } from 'vitest'
import { freshSecrets, sessionSecrets, splitList, tokenKeys } from '../../../app/config/secrets.ts'

test('fresh secrets are good enough for production', () => {
  const { SESSION_SECRET, TOKEN_KEYS } = freshSecrets()

  expect(sessionSecrets(true).parse(SESSION_SECRET)).toEqual([SESSION_SECRET])
  expect(tokenKeys(true).parse(TOKEN_KEYS)).toEqual([
    { id: 'k1', bytes: expect.any(Buffer) as Buffer },
  ])
})

test('fresh secrets hold 32 random bytes each, never the same twice', () => {
  const [first, second] = [freshSecrets(), freshSecrets()]

  expect(Buffer.from(first.SESSION_SECRET, 'base64url')).toHaveLength(32)
  expect(tokenKeys(true).parse(first.TOKEN_KEYS)[0].bytes).toHaveLength(32)
  expect(first.SESSION_SECRET).not.toBe(second.SESSION_SECRET)
  expect(first.TOKEN_KEYS).not.toBe(second.TOKEN_KEYS)
})

test('fresh secrets stand in a .env file without quotes', () => {
  const { SESSION_SECRET, TOKEN_KEYS } = freshSecrets()

  expect(SESSION_SECRET + TOKEN_KEYS).toMatch(/^[\w:+/=-]+$/)
})

test('session secrets keep their order: the first signs', () => {
  expect(sessionSecrets(false).parse('new, old ,,older')).toEqual(['new', 'old', 'older'])
})

test('keys keep their order and their ids: the first seals', () => {
  const [newer, older] = [key(1), key(2)]

  const keys = tokenKeys(false).parse(`new-1:${newer}, old_0:${older}`)

  expect(keys.map(({ id }) => id)).toEqual(['new-1', 'old_0'])
  expect(keys.map(({ bytes }) => bytes.toString('base64'))).toEqual([newer, older])
})

test('a key may be written in base64url, with its padding or without', () => {
  const bytes = Buffer.alloc(32, 0xfb)

  const keys = tokenKeys(false).parse(
    `a:${bytes.toString('base64')},b:${bytes.toString('base64url')}`,
  )

  expect(keys.map((one) => one.bytes)).toEqual([bytes, bytes])
})

test.each([
  '',
  'k1',
  'k1:',
  ':AAAA',
  `k1:${Buffer.alloc(31, 1).toString('base64')}`,
  `k1:${Buffer.alloc(33, 1).toString('base64')}`,
  `a key:${key(1)}`,
  `k.1:${key(1)}`,
  `${'k'.repeat(33)}:${key(1)}`,
  `k1:${key(1)},k1:${key(2)}`,
  `k1:${key(1)},broken`,
])('«%s» is no list of keys', (text) => {
  expect(tokenKeys(false).safeParse(text).success).toBe(false)
})

test('a list drops its blanks', () => {
  expect(splitList(' a, ,b,,c d ,')).toEqual(['a', 'b', 'c d'])
  expect(splitList('')).toEqual([])
})

function key(byte: number): string {
  return Buffer.alloc(32, byte).toString('base64')
}
