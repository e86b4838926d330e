import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { readTokens } from '../../../app/oauth/tokens.ts'
import { DEAD, type Reading } from '../../../app/oauth/token-answer.ts'

describe.each([200, 400, 401])('with status %i', (status) => {
  test.each([
    ['invalid_grant', 'invalid_grant', 'dead'],
    ['invalid_client', 'invalid_client', 'configuration'],
    ['unauthorized_client', 'invalid_client', 'configuration'],
    ['invalid_scope', 'app_scope_missing', 'configuration'],
    ['redirect_uri_mismatch', 'redirect_mismatch', 'configuration'],
    ['invalid_request', 'refused', 'configuration'],
    ['unsupported_grant_type', 'refused', 'configuration'],
    ['something_new', 'refused', 'configuration'],
    ['server_error', 'server_error', 'temporary'],
    ['temporarily_unavailable', 'server_error', 'temporary'],
    ['slow_down', 'server_error', 'temporary'],
  ])('%s becomes %s, which is %s', (error, code, kind) => {
    expect(failureOf({ error }, status)).toMatchObject({ code, kind, status })
  })
})

test('an error counts even beside a token', () => {
  expect(failureOf({ access_token: 'A1', error: 'invalid_grant' })).toMatchObject({ kind: 'dead' })
})

test.each([
  ['with its code', { code: 190, message: 'expired', type: 'OAuthException' }],
  ['without a code', {}],
])('an error that is an object, %s, is an error', (_what, error) => {
  expect(failureOf({ access_token: 'A1', error })).toMatchObject({
    code: 'refused',
    kind: 'configuration',
  })
})

test('an error object may carry a code we know', () => {
  expect(failureOf({ error: { code: 'invalid_grant' } })).toMatchObject({ kind: 'dead' })
})

test.each([null, '', false])('the error %j is none', (error) => {
  const answer = { status: 200, headers: {}, text: JSON.stringify({ access_token: 'A1', error }) }

  expect(readTokens(answer, new Date()).accessToken).toBe('A1')
})

test.each([
  'redirect_uri is incorrect, check application redirect uri in the settings page',
  'Redirect URI mismatch',
  'The redirect-uri does not match',
])('a redirect URI that does not match is known by its description: «%s»', (error_description) => {
  expect(failureOf({ error: 'invalid_request', error_description })).toMatchObject({
    code: 'redirect_mismatch',
    kind: 'configuration',
  })
})

test('a platform may call a dead grant by names of its own', () => {
  const errors = { invalid_token: DEAD, access_denied: DEAD }

  expect(failureOf({ error: 'access_denied' }, 200, errors)).toMatchObject({
    code: 'invalid_grant',
    kind: 'dead',
  })
  expect(failureOf({ error: 'invalid_client' }, 200, errors)).toMatchObject({
    code: 'invalid_client',
    kind: 'configuration',
  })
})

describe('a refusal without words', () => {
  test.each([
    ['empty', ''],
    ['JSON that says nothing', '{"message":"no"}'],
    ['HTML', '<html>Forbidden</html>'],
    ['plain text', 'Forbidden'],
  ])('(%s) is a refusal, not a dead grant', (_what, text) => {
    for (const status of [400, 403, 404]) {
      expect(() => readTokens({ status, headers: {}, text }, new Date())).toThrow(
        expect.objectContaining({ code: 'refused', kind: 'configuration', status }),
      )
    }
  })
})

test("what a platform describes, in its own words, stays out of our error's", () => {
  const failure = failureOf({ error: 'invalid_grant', error_description: 'code hush is used' })

  expect(failure.message + String(failure.stack)).not.toContain('hush')
})

function failureOf(body: unknown, status = 200, errors?: Reading['errors']): ProviderError {
  try {
    readTokens({ status, headers: {}, text: JSON.stringify(body) }, new Date(), {
      ...(errors && { errors }),
    })
  } catch (error) {
    if (error instanceof ProviderError) return error
  }
  throw new Error('was accepted')
}
