import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { readPermissions, readResponse } from '../../../app/providers/vk/response.ts'
import { isTextCode } from '../../../app/texts/index.ts'

// Numbers and meanings: VKCOM/vk-api-schema, errors.json; our codes: the pages' design, "VK error number → our code".
const MEANINGS = [
  [5, 'token_revoked', 'dead'],
  [6, 'rate_limited', 'temporary'],
  [7, 'insufficient_scope', 'permission'],
  [9, 'rate_limited', 'temporary'],
  [10, 'provider_unavailable', 'temporary'],
  [14, 'captcha', 'temporary'],
  [15, 'insufficient_scope', 'permission'],
  [17, 'validation_required', 'permission'],
  [18, 'user_blocked', 'dead'],
  [25, 'token_revoked', 'dead'],
  [27, 'invalid_client', 'configuration'],
  [28, 'invalid_client', 'configuration'],
  [29, 'rate_limited', 'temporary'],
  [37, 'user_blocked', 'dead'],
  [42, 'invalid_client', 'configuration'],
  [101, 'invalid_client', 'configuration'],
  [3609, 'token_revoked', 'dead'],
] as const

describe('an error inside a 200', () => {
  test.each(MEANINGS)('number %i is %s, which is %s', (number, code, kind) => {
    expect(failureOf({ error_code: number, error_msg: 'no' })).toMatchObject({
      code,
      kind,
      outage: false,
      detail: `ошибка ${number}`,
    })
  })

  test.each([
    [9, 15],
    [29, 180],
  ])('number %i asks for a pause of %i minutes', (number, minutes) => {
    const { retryAt } = failureOf({ error_code: number })

    const pause = ((retryAt?.getTime() ?? 0) - Date.now()) / 60_000
    expect(Math.round(pause)).toBe(minutes)
  })

  test.each(MEANINGS)('number %i has words for a person', (number) => {
    expect(isTextCode(failureOf({ error_code: number }).code)).toBe(true)
  })

  test.each([1, 43, 99_999])('number %i, which we do not know, is worth another try', (number) => {
    expect(failureOf({ error_code: number })).toMatchObject({ kind: 'temporary' })
  })

  test('a number may come as a text', () => {
    expect(failureOf({ error_code: '5' })).toMatchObject({ code: 'token_revoked', kind: 'dead' })
  })

  test.each([[{}], [{ error_code: 'five' }], [{ error_code: null }]])(
    'without a number (%j) nobody reads «NaN»',
    (error) => {
      const failure = failureOf(error)

      expect(failure.kind).toBe('temporary')
      expect(`${failure.message} ${failure.detail ?? ''}`).not.toContain('NaN')
    },
  )

  test('counts beside a response too', () => {
    const answer = answerOf({ response: [{ id: 1 }], error: { error_code: 5 } })

    expect(() => readResponse(answer)).toThrow(expect.objectContaining({ kind: 'dead' }))
  })

  test('what VK echoes of our request stays out of our error', () => {
    const request_params = [{ key: 'access_token', value: 'hush' }]

    const failure = failureOf({ error_code: 5, error_msg: 'hush', request_params })

    expect(JSON.stringify(failure) + failure.message).not.toContain('hush')
  })
})

describe('a response', () => {
  test.each([[[{ id: 777 }]], [1], [0], [null], [false], [[]]])('%j is passed on', (response) => {
    expect(readResponse(answerOf({ response }))).toEqual(response)
  })

  test.each(['{}', '[]', 'null', '{"error":"invalid_grant"}', '', '<html>', '{"response"'])(
    '%s is none',
    (text) => {
      const answer = { status: 200, headers: {}, text }

      expect(() => readResponse(answer)).toThrow(
        expect.objectContaining({ code: 'bad_response', kind: 'temporary' }),
      )
    },
  )
})

describe('rights as bits', () => {
  test.each([
    [134_545_412, ['photos', 'offline', 'groups', 'market']],
    [134_479_876, ['photos', 'groups', 'market']],
    [134_217_728, ['market']],
    [262_144 + 8192, ['groups']],
    ['65536', ['offline']],
    [0, []],
  ])('%j are %j', (response, names) => {
    expect(readPermissions(answerOf({ response }))).toEqual(names)
  })

  test.each([[{}], ['all'], [1.5]])('%j tells nothing', (response) => {
    expect(readPermissions(answerOf({ response }))).toBeUndefined()
  })
})

function failureOf(error: object): ProviderError {
  try {
    readResponse(answerOf({ error }))
  } catch (failure) {
    if (failure instanceof ProviderError) return failure
  }
  throw new Error('was accepted')
}

function answerOf(body: unknown) {
  return { status: 200, headers: {}, text: JSON.stringify(body) }
}
