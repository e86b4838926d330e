import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import type { Answer } from '../../../app/http/call.ts'
import { createProviders } from '../../../app/providers/index.ts'
import { judge } from '../../../app/providers/verdicts.ts'
import { apiThat } from '../api.ts'
import { load } from '../settings.ts'

const providers = createProviders(load())

const DEAD = ['dead', 'token_revoked']
const PERMISSION = ['permission', 'insufficient_scope']
const OURS = ['configuration', 'refused']
const WAIT = ['temporary', 'rate_limited']

describe.each(['google', 'gsc'])('What an answer means at %s', (key) => {
  test.each([
    [401, newForm('UNAUTHENTICATED'), DEAD],
    [401, classicForm('authError'), DEAD],
    [401, '{"error":"invalid_request","error_description":"Invalid Credentials"}', DEAD],
    [403, newForm('PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'), PERMISSION],
    [403, classicForm('insufficientPermissions'), PERMISSION],
    [403, newForm('PERMISSION_DENIED', 'SERVICE_DISABLED'), OURS],
    [403, classicForm('accessNotConfigured'), OURS],
    [403, newForm('PERMISSION_DENIED', 'RATE_LIMIT_EXCEEDED'), WAIT],
    [403, newForm('RESOURCE_EXHAUSTED'), WAIT],
    [403, classicForm('quotaExceeded'), WAIT],
    [403, classicForm('rateLimitExceeded'), WAIT],
    [403, classicForm('userRateLimitExceeded'), WAIT],
    [403, classicForm('dailyLimitExceeded'), WAIT],
    [403, '<html>', ['temporary', 'bad_response']], // a page says nothing of the grant
    [401, '<html>', ['temporary', 'bad_response']],
    [400, newForm('INVALID_ARGUMENT'), OURS],
    [404, '', OURS],
  ])('%i %s', async (status, text, verdict) => {
    expect(await verdictOf(key, { status, text })).toEqual(verdict)
  })
})

describe('What an answer means at Discord', () => {
  test.each([
    [401, '{"message":"401: Unauthorized","code":0}', DEAD],
    [400, '{"message":"Invalid OAuth2 access token","code":50025}', DEAD],
    [403, '{"message":"Invalid OAuth2 access token","code":50025}', DEAD],
    [403, '{"message":"Missing required OAuth2 scope","code":50026}', PERMISSION],
    [400, '{"message":"Missing required OAuth2 scope","code":50026}', PERMISSION],
    [403, '{"message":"Missing Access","code":50001}', PERMISSION],
    [403, '<html>error code: 1010</html>', OURS],
    [404, '{"message":"404: Not Found","code":0}', OURS],
  ])('%i %s', async (status, text, verdict) => {
    expect(await verdictOf('discord', { status, text })).toEqual(verdict)
  })
})

describe('What an answer means at Spotify', () => {
  test.each([
    [401, '{"error":{"status":401,"message":"The access token expired"}}', DEAD],
    [403, '{"error":{"status":403,"message":"Insufficient client scope"}}', PERMISSION],
    [403, 'User not registered in the Developer Dashboard', PERMISSION],
    [400, '{"error":{"status":400,"message":"Bad request"}}', OURS],
    [200, '{"error":{"status":401,"message":"odd"}}', OURS],
  ])('%i %s', async (status, text, verdict) => {
    expect(await verdictOf('spotify', { status, text })).toEqual(verdict)
  })
})

describe('What an answer means at GitHub', () => {
  test.each<[number, Record<string, string>, string[]]>([
    [401, {}, DEAD],
    [403, { 'x-ratelimit-remaining': '0' }, WAIT],
    [403, { 'retry-after': '60' }, WAIT],
    [403, { 'x-ratelimit-remaining': '4999' }, PERMISSION],
    [403, {}, PERMISSION],
    [404, {}, PERMISSION],
    [410, {}, OURS],
  ])('%i with %j', async (status, headers, verdict) => {
    const text = '{"message":"Bad credentials"}'

    expect(await verdictOf('github', { status, headers, text })).toEqual(verdict)
  })
})

describe.each(['google', 'gsc', 'discord', 'spotify', 'github'])('%s', (key) => {
  test.each(['{}', '[]', 'null', '{"id":"","sub":""}', '{"id":{},"sub":{}}'])(
    'takes %s for nobody’s account and for no revocation',
    async (text) => {
      expect(await verdictOf(key, { text })).toEqual(['temporary', 'bad_response'])
    },
  )
})

describe('A pause that is told by headers', () => {
  const rules = [
    { status: 403, headers: { 'x-left': /^0$/ }, kind: 'temporary', code: 'rate_limited' },
  ] as const
  const asked = { status: 403, text: '', headers: { 'x-left': '0', 'retry-after': '60' } }

  test('says until when', () => {
    const { retryAt } = failureOf(() => judge(asked, rules))

    const left = (retryAt?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(58_000)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test('is none where a header is missing', () => {
    const failure = failureOf(() => judge({ ...asked, headers: {} }, rules))

    expect([failure.kind, failure.retryAt]).toEqual(['permission', undefined])
  })
})

/** developers.google.com: the form APIs have today, with google.rpc.ErrorInfo. */
function newForm(status: string, reason?: string): string {
  const details = reason ? { details: [{ '@type': 'google.rpc.ErrorInfo', reason }] } : {}
  return JSON.stringify({ error: { code: 403, message: 'No.', status, ...details } })
}

function classicForm(reason: string): string {
  const errors = [{ domain: 'global', reason, message: 'No.' }]
  return JSON.stringify({ error: { code: 403, message: 'No.', errors } })
}

/** Kind and code of the failure that "who is this" ends in when everything is answered so. */
async function verdictOf(key: string, answer: Partial<Answer>): Promise<string[]> {
  const whole = { status: 200, headers: {}, text: '', ...answer }
  try {
    await providers.get(key).identify(apiThat(() => Promise.resolve(whole)))
  } catch (error) {
    if (error instanceof ProviderError) return [error.kind, error.code]
  }
  throw new Error('was accepted')
}

function failureOf(judging: () => unknown): ProviderError {
  try {
    judging()
  } catch (error) {
    if (error instanceof ProviderError) return error
  }
  throw new Error('was accepted')
}
