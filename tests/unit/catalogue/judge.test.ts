import { describe, expect, test } from 'vitest'
import { judge, type Rule } from '../../../app/providers/verdicts.ts'

const RULES: readonly Rule[] = [
  { status: 403, error: /quota/i, kind: 'temporary', code: 'rate_limited' },
  { error: /^18$/, kind: 'dead' },
  { error: /^blocked/, kind: 'permission', code: 'user_blocked' },
]

describe('an API answer', () => {
  test('without an error is its JSON', () => {
    expect(judge(answer(200, '{"d":[1]}'))).toEqual({ d: [1] })
  })

  test.each(['<html>', '', '[1]', 'null', '"text"'])('of %j is no answer at all', (text) => {
    expect(() => judge(answer(200, text))).toThrow(
      expect.objectContaining({ code: 'bad_response', kind: 'temporary' }),
    )
  })

  test.each([
    ['HTTP 401 means dead', 401, '', 'token_revoked', 'dead'],
    ['HTTP 403 means a missing right', 403, '{}', 'insufficient_scope', 'permission'],
    ['what nobody knows is ours', 404, '<html>', 'refused', 'configuration'],
    [
      'a rule of status and name comes first',
      403,
      '{"error":"Quota"}',
      'rate_limited',
      'temporary',
    ],
    ['an error inside a 200 is one', 200, '{"error":"18"}', 'token_revoked', 'dead'],
    ['a number is a name too', 200, '{"error":18}', 'token_revoked', 'dead'],
    ['an object names itself', 400, '{"error":{"code":18}}', 'token_revoked', 'dead'],
    [
      'its message is part of the name',
      403,
      '{"error":{"code":1,"message":"quota"}}',
      'rate_limited',
      'temporary',
    ],
    [
      'a rule has a code of its own',
      400,
      '{"error":"blocked for ever"}',
      'user_blocked',
      'permission',
    ],
    ['an unknown error inside a 200 is ours', 200, '{"error":"odd"}', 'refused', 'configuration'],
  ])('%s', (_what, status, text, code, kind) => {
    expect(() => judge(answer(status, text), RULES)).toThrow(
      expect.objectContaining({ code, kind, status }),
    )
  })

  test('an empty error is none where the platform says so', () => {
    const name = ({ error }: Record<string, unknown>) => (error === '' ? undefined : String(error))

    expect(judge(answer(200, '{"error":"","shop_name":"Лавка"}'), [], name)).toMatchObject({
      shop_name: 'Лавка',
    })
  })
})

const answer = (status: number, text: string) => ({ status, headers: {}, text })
