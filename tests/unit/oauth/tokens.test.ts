import { describe, expect, test } from 'vitest'
import { readTokens } from '../../../app/oauth/tokens.ts'

const NOON = new Date(Date.UTC(2026, 10, 20, 12))
const DECADE_S = 10 * 365 * 24 * 3600
const inSeconds = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

test('the smallest answer is an access token and nothing else', () => {
  expect(read({ access_token: 'A1' })).toEqual({ accessToken: 'A1', carried: {} })
})

test('the fullest answer is understood, what is unknown is left out', () => {
  const answer = {
    access_token: 'A1',
    token_type: 'bearer',
    refresh_token: 'R1',
    expires_in: 604_800,
    refresh_token_expires_in: 31_536_000,
    scope: 'store:read product:read',
    user_id: 777,
    id_token: 'eyJ…',
  }

  expect(read(answer)).toEqual({
    accessToken: 'A1',
    refreshToken: 'R1',
    expiresAt: inSeconds(604_800),
    refreshExpiresAt: inSeconds(31_536_000),
    scope: ['store:read', 'product:read'],
    accountId: '777',
    carried: {},
  })
})

describe('expires_in', () => {
  test('when it is missing, the token has no expiry', () => {
    expect(read({ access_token: 'A1' })).not.toHaveProperty('expiresAt')
  })

  test.each([
    [3600, 3600],
    ['3600', 3600],
    [' 60 ', 60],
    [0.5, 0.5],
    [DECADE_S, DECADE_S],
    [DECADE_S + 1, DECADE_S],
    [1e15, DECADE_S],
    [Number.MAX_VALUE, DECADE_S],
  ])('of %j ends the token after %d seconds', (expires_in, seconds) => {
    expect(read({ access_token: 'A1', expires_in }).expiresAt).toEqual(inSeconds(seconds))
  })

  test.each([
    [0],
    ['0'],
    [-1],
    ['-3600'],
    [''],
    ['soon'],
    ['NaN'],
    [null],
    [false],
    [true],
    [{}],
    [[]],
    [[3600]],
  ])('of %j says nothing', (expires_in) => {
    expect(read({ access_token: 'A1', expires_in })).not.toHaveProperty('expiresAt')
  })

  test('too large for a number says nothing', () => {
    const text = '{"access_token":"A1","expires_in":1e999}'

    expect(readTokens(answerOf(text), NOON)).not.toHaveProperty('expiresAt')
  })

  test.each(['refresh_token_expires_in', 'refresh_expires_in'])(
    'of the refresh token is told as %s',
    (name) => {
      expect(read({ access_token: 'A1', [name]: '60' }).refreshExpiresAt).toEqual(inSeconds(60))
    },
  )
})

describe('scope', () => {
  test.each([
    ['market groups', ['market', 'groups']],
    ['market,groups', ['market', 'groups']],
    [' market , groups ', ['market', 'groups']],
    ['market', ['market']],
    ['', []],
  ])('«%s» is split', (scope, names) => {
    expect(read({ access_token: 'A1', scope }).scope).toEqual(names)
  })

  test.each([undefined, null, 134_479_876, ['market']])('%j is not told', (scope) => {
    expect(read({ access_token: 'A1', scope })).not.toHaveProperty('scope')
  })

  test('goes by the names it was asked for, whatever the answer calls it', () => {
    const reading = { scopeNames: { 'https://id.example.com/email': 'email' } }
    const text = JSON.stringify({
      access_token: 'A1',
      scope: 'openid https://id.example.com/email',
    })

    expect(readTokens(answerOf(text), NOON, reading).scope).toEqual(['openid', 'email'])
  })

  test.each([
    ['', undefined],
    [' ', undefined],
    ['read', ['read']],
  ])('«%s» of a platform that may keep silent', (scope, told) => {
    const text = JSON.stringify({ access_token: 'A1', scope })

    expect(readTokens(answerOf(text), NOON, { silentScope: true }).scope).toEqual(told)
  })
})

describe('token_type', () => {
  test.each(['bearer', 'Bearer', 'BEARER', undefined, '', null])('%j will do', (token_type) => {
    expect(read({ access_token: 'A1', token_type }).accessToken).toBe('A1')
  })

  test.each(['mac', 'dpop', 'N_A'])('%s is nothing we can use', (token_type) => {
    expect(() => read({ access_token: 'A1', token_type })).toThrow(
      expect.objectContaining({ code: 'bad_response', kind: 'temporary' }),
    )
  })
})

describe('ways of writing it', () => {
  test('a form-encoded answer is read as well', () => {
    const text = 'access_token=A%201&expires_in=3600&scope=market%2Cgroups&token_type=bearer'

    expect(readTokens(answerOf(text), NOON)).toEqual({
      accessToken: 'A 1',
      expiresAt: inSeconds(3600),
      scope: ['market', 'groups'],
      carried: {},
    })
  })

  test('a form-encoded error is an error', () => {
    expect(refusalOf('error=invalid_grant&error_description=used', 200)).toThrow(
      expect.objectContaining({ code: 'invalid_grant', kind: 'dead' }),
    )
  })

  test('blanks around JSON do not count', () => {
    expect(readTokens(answerOf('\n {"access_token":"A1"}\n'), NOON).accessToken).toBe('A1')
  })

  test.each(['', ' ', '{}', '{"expires_in":0}', '{"access_token":""}', '{"access_token":null}'])(
    'without a token (%j) it is no_token',
    (text) => {
      expect(refusalOf(text, 200)).toThrow(
        expect.objectContaining({ code: 'no_token', kind: 'temporary' }),
      )
    },
  )

  test.each(['{"access_token":42}', '{"access_token":true}', '{"access_token":{"a":"b"}}'])(
    '%s holds no token either',
    (text) => {
      expect(refusalOf(text, 200)).toThrow(expect.objectContaining({ code: 'no_token' }))
    },
  )

  test.each([
    '<!doctype html><title>Captcha</title>',
    '{"access_token":"A1"',
    '[]',
    '["access_token"]',
    'null',
    '"access_token=A1"',
    'OK',
    '<a href="?access_token=A1">',
  ])('%s is a bad answer', (text) => {
    expect(refusalOf(text, 200)).toThrow(
      expect.objectContaining({ code: 'bad_response', kind: 'temporary' }),
    )
  })
})

function read(body: Record<string, unknown>) {
  return readTokens(answerOf(JSON.stringify(body)), NOON)
}

const refusalOf = (text: string, status: number) => () => readTokens(answerOf(text, status), NOON)

function answerOf(text: string, status = 200) {
  return { status, headers: {}, text }
}
