import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { facebook } from '../../../app/providers/facebook/index.ts'
import { proofOf, readGraph } from '../../../app/providers/facebook/graph.ts'
import {
  checkAlive,
  checkExtended,
  lasting,
  provisional,
} from '../../../app/providers/facebook/life.ts'
import { versionRemarks } from '../../../app/providers/facebook/versions.ts'
import { createApi } from '../../../app/providers/api.ts'
import { isTextCode } from '../../../app/texts/index.ts'
import { type LocalServer, platformAt, sendJson, startServer } from '../http/local-server.ts'
import { load, problemsOf } from '../settings.ts'

const BASE = 'https://shop.example.ru'
const KEYS = { CLIENT_ID: '1001', CLIENT_SECRET: 'fb-app-secret-0001' }
const NOW = new Date('2026-11-21T12:00:00Z')
const DAY_MS = 24 * 3600_000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS)
const TOKENS = { accessToken: 'EAAtesttoken123', carried: {} }

describe('the proof of a call', () => {
  const secret = 'fb-app-secret-0001'

  test('is that of the vectors, in its plain form', () => {
    expect(proofOf({ secret, timed: false }, 'EAAtesttoken123', NOW)).toEqual({
      appsecret_proof: '8964008847cfaca6ba1c74645a6b1271546d6778415f71d66df888b9835e7dbd',
    })
  })

  test('is that of the vectors, in its timed form', () => {
    const at = new Date(1_700_000_000_999)

    expect(proofOf({ secret, timed: true }, 'EAAtesttoken123', at)).toEqual({
      appsecret_proof: '30c708fbc3be123b6e038c51b286c22e4ace16cc2ac4ab4f95cbb0cfb1d3cbe7',
      appsecret_time: '1700000000',
    })
  })

  test('goes with every question, and the token in the header alone', async () => {
    const server = await startServer((res) => {
      sendJson(res, { id: '5', name: 'Анна', data: [] })
    })

    await apiOf(server).identify()
    await apiOf(server).grantedScope()

    expect(server.asked.map(({ path }) => path.split('?')[0])).toEqual([
      '/me',
      '/me/adaccounts',
      '/me/permissions',
    ])
    for (const { path, headers } of server.asked) {
      expect(path).toContain('appsecret_proof=8964008847cf')
      expect(path).not.toContain('EAAtest')
      expect(headers.authorization).toBe('Bearer EAAtesttoken123')
    }
  })

  test('is timed where the administrator wants it so', async () => {
    const server = await startServer((res) => {
      sendJson(res, { id: '5', data: [] })
    })

    await apiOf(server, { PROOF: 'timed' }).identify()

    expect(server.asked[0]?.path).toMatch(/appsecret_proof=[0-9a-f]{64}&appsecret_time=\d{10}/)
  })
})

// The whole of the table: every number, with a subcode or without, and what it is for us.
const VERDICTS = [
  ...[undefined, 1, 458, 460, 461, 465, 466, 467, 468, 492].map((subcode) => [
    190,
    subcode,
    'dead',
  ]),
  [190, 463, 'dead', 'token_expired'],
  [102, undefined, 'dead'],
  [102, 463, 'dead', 'token_expired'],
  ...[458, 460, 461, 465, 466, 467, 468, 492].map((subcode) => [1, subcode, 'dead']),
  [190, 459, 'permission', 'validation_required'],
  [190, 464, 'permission', 'validation_required'],
  [102, 459, 'permission', 'validation_required'],
  ...[3, 10, 200, 210, 270, 299].map((code) => [code, undefined, 'permission']),
  ...[4, 17, 32, 341, 613, 80000, 80004].map((code) => [
    code,
    undefined,
    'temporary',
    'rate_limited',
  ]),
  [17, 2446079, 'temporary', 'rate_limited'],
  ...[1, 2].map((code) => [code, undefined, 'temporary', 'provider_unavailable']),
  [368, undefined, 'temporary'],
  [101, undefined, 'configuration', 'invalid_client'],
  [100, undefined, 'configuration'],
  [100, 36009, 'configuration'],
  // What nobody knows, a longer number included, is never taken for the end of a grant.
  ...[0, 5, 30, 1900, 1020, 2000, 2500, 300, 199, -1].map((code) => [code, undefined, 'temporary']),
  [1, 99, 'temporary', 'provider_unavailable'],
] as [number, number | undefined, string, string?][]
const CODES: Record<string, string> = {
  dead: 'token_revoked',
  permission: 'insufficient_scope',
  configuration: 'refused',
  temporary: 'bad_response',
}

describe('an error object', () => {
  test.each(VERDICTS)('%i/%s is %s', (code, error_subcode, kind, meant = CODES[kind]) => {
    const error = { message: 'no', type: 'OAuthException', code, error_subcode }

    for (const status of [200, 400, 401, 403, 404])
      expect(failureOf({ error }, status)).toMatchObject({ kind, code: meant, status })
    expect(failureOf({ error: { ...error, code: String(code) } })).toMatchObject({ kind })
  })

  test.each(VERDICTS)('%i/%s has words for the person it stops', (code, error_subcode) => {
    const { kind, code: ours } = failureOf({ error: { code, error_subcode } })

    if (kind === 'dead' || kind === 'permission') expect(isTextCode(ours)).toBe(true)
  })

  test('shows its numbers, and no word of the message', () => {
    const error = { message: 'hush', code: 190, error_subcode: 460 }

    expect(failureOf({ error })).toMatchObject({ detail: 'ошибка 190/460' })
    expect(JSON.stringify(failureOf({ error }))).not.toContain('hush')
    expect(failureOf({ error: { code: 4 } })).toMatchObject({ detail: 'ошибка 4' })
  })

  test('about the client secret is ours to mend, whatever its number', () => {
    const error = { message: 'Error validating client secret.', code: 1 }

    expect(failureOf({ error })).toMatchObject({ kind: 'configuration', code: 'invalid_client' })
  })

  test.each([[{}], ['no'], [null], [{ code: 'x' }]])(
    'of another shape (%j) kills nothing',
    (error) => {
      for (const status of [200, 401, 403])
        expect(failureOf({ error }, status).kind).toBe('temporary')
    },
  )

  test.each(['<html>', '', '[]', '401'])(
    'a refusal without one (%j) kills nothing either',
    (text) => {
      for (const status of [400, 401, 403, 404])
        expect(failureOf(text, status)).toMatchObject({ kind: 'temporary' })
    },
  )

  test('at the token endpoint means the same', async () => {
    const server = await startServer((res) => {
      sendJson(res, { error: { code: 101, message: 'Error validating application.' } }, 400)
    })

    await expect(completeAt(server)).rejects.toMatchObject({
      code: 'invalid_client',
      kind: 'configuration',
    })
  })
})

describe('the life of a token', () => {
  test('is renewed halfway, with itself, until its end', () => {
    const tokens = lasting({ ...TOKENS, expiresAt: inDays(60) }, { dataEndsAt: inDays(90) }, NOW)

    expect(tokens).toMatchObject({
      refreshToken: 'EAAtesttoken123',
      expiresAt: inDays(60),
      renewAt: inDays(30),
      refreshExpiresAt: inDays(60),
    })
  })

  test('ends for its owner when access to data ends before it', () => {
    const tokens = lasting({ ...TOKENS, expiresAt: inDays(60) }, { dataEndsAt: inDays(20) }, NOW)

    expect(tokens).toMatchObject({ expiresAt: inDays(60), refreshExpiresAt: inDays(20) })
  })

  test('is what debug_token says where the token answer keeps silent', () => {
    const seen = { expiresAt: inDays(40), userId: '5' }

    expect(lasting(TOKENS, seen, NOW)).toMatchObject({
      expiresAt: inDays(40),
      renewAt: inDays(20),
      refreshExpiresAt: inDays(40),
      accountId: '5',
    })
  })

  test('without an end needs no renewal', () => {
    expect(lasting(TOKENS, {}, NOW)).toEqual({ ...TOKENS, refreshToken: 'EAAtesttoken123' })
  })

  test('that is not exchanged yet is tried again in minutes, and warns nobody', () => {
    const short = { ...TOKENS, expiresAt: inDays(1 / 24) }

    const tokens = provisional(short, undefined, NOW)

    expect(tokens.renewAt).toEqual(new Date(NOW.getTime() + 5 * 60_000))
    expect(tokens).not.toHaveProperty('refreshExpiresAt')
    expect(provisional(TOKENS, undefined, NOW).renewAt).toEqual(tokens.renewAt)
  })

  test('of a minute is not left to end before the next try', () => {
    const tokens = provisional({ ...TOKENS, expiresAt: inDays(1 / 1440) }, {}, NOW)

    expect(tokens.renewAt).toEqual(new Date(NOW.getTime() + 30_000))
  })

  test.each([
    ['thirty days gained', 30, 60, true],
    ['a day gained', 30, 31, true],
    ['nothing gained', 30, 30, false],
    ['less than a day gained', 30, 30.99, false],
    ['a day lost', 30, 29, false],
    ['nothing gained, as fresh as can be', 60, 60, true],
    ['nothing gained, an hour after the exchange', 59.96, 60, true],
    ['nothing gained, two days after the exchange', 58, 58, false],
    ['no end any more', 30, undefined, true],
    ['an end where none was known', undefined, 10, true],
  ])('is extended or not: %s', (_what, before, after, good) => {
    const old = { ...TOKENS, ...(before && { expiresAt: inDays(before) }) }
    const renewed = { ...TOKENS, ...(after && { expiresAt: inDays(after) }) }
    const check = () => {
      checkExtended(old, renewed, NOW)
    }

    if (good) expect(check).not.toThrow()
    else expect(thrownBy(check)).toMatchObject(NOT_EXTENDED)
  })

  test('that is over cannot be exchanged', () => {
    const check = (expiresAt: Date) => () => {
      checkAlive({ ...TOKENS, expiresAt }, NOW)
    }

    expect(thrownBy(check(inDays(0)))).toMatchObject({ kind: 'dead', code: 'token_expired' })
    expect(check(inDays(0.001))).not.toThrow()
  })
})

describe('the version in use', () => {
  test.each([
    ['v25.0', '2026-11-21', ['работает до 29 июля 2028 года']],
    ['v26.0', '2026-11-21', ['v26.0. Когда её срок закончится, пока не объявлено']],
    ['v22.0', '2027-03-20', ['работает до 20 мая 2027 года']],
    ['v22.0', '2027-03-21', ['до 20 мая 2027 года', 'осталось 60 дней']],
    ['v21.0', '2026-11-21', ['до 21 января 2027 года']],
    ['v21.0', '2026-11-22', ['до 21 января 2027 года', 'осталось 60 дней']],
    ['v21.0', '2027-01-20', ['до 21 января 2027 года', 'остался 1 день']],
    ['v21.0', '2027-01-21', ['до 21 января 2027 года', 'последний день']],
    ['v21.0', '2027-01-22', ['срок закончился 21 января 2027 года', 'Укажите версию v26.0']],
    ['v20.0', '2026-11-21', ['срок закончился 24 сентября 2026 года', 'самая старая из живых']],
    ['v19.0', '2026-11-21', ['срок закончился 21 мая 2026 года', 'самая старая из живых']],
    ['v31.0', '2026-11-21', ['v31.0. Её срок EvoSync не знает']],
  ])('%s on %s', (version, day, words) => {
    const remarks = versionRemarks(version, new Date(`${day}T12:00:00Z`))

    expect(remarks).toHaveLength(words.length)
    for (const [index, word] of words.entries()) expect(remarks[index]).toContain(word)
    for (const remark of remarks) expect(remark).not.toMatch(/["'!`]|\u00a0|undefined|NaN/)
  })

  test('is told by the platform, which uses it in all its addresses', async () => {
    const { auth, remarks } = create({ API_VERSION: 'v24.0' })

    expect(remarks?.(NOW)[0]).toContain('v24.0')
    expect(auth.begin({ redirectUri: `${BASE}/facebook/callback`, state: 'S' }).url.href).toMatch(
      /^https:\/\/www\.facebook\.com\/v24\.0\/dialog\/oauth\?/,
    )
    expect(await addressesOf({ API_VERSION: 'v24.0' })).toEqual([
      'https://graph.facebook.com/v24.0/oauth/access_token',
      'https://graph.facebook.com/v24.0/oauth/access_token',
      'https://graph.facebook.com/v24.0/debug_token',
      'https://graph.facebook.com/v24.0/me',
      'https://graph.facebook.com/v24.0/me/adaccounts',
      'https://graph.facebook.com/v24.0/me/permissions',
    ])
  })

  test('is v26.0 unless the administrator says otherwise, and has to look like one', () => {
    expect(create().remarks?.(NOW)[0]).toContain('v26.0')
    expect(problemsOf({ FACEBOOK_API_VERSION: '26' })).toEqual([
      'FACEBOOK_API_VERSION: нужна версия вида v26.0',
    ])
    expect(load({ FACEBOOK_API_VERSION: 'v25.0' }).platforms.facebook).toEqual({
      API_VERSION: 'v25.0',
    })
  })

  test('has no say where addresses are named one by one', async () => {
    const own = { TOKEN_URL: 'https://a.example/token', API_URL: 'https://b.example/graph' }

    expect(await addressesOf(own)).toEqual([
      'https://a.example/token',
      'https://a.example/token',
      'https://b.example/graph/debug_token',
      'https://b.example/graph/me',
      'https://b.example/graph/me/adaccounts',
      'https://b.example/graph/me/permissions',
    ])
  })
})

describe('the dialog', () => {
  test('asks with commas, and again for what was declined', () => {
    expect(dialogOf()).toEqual({
      client_id: '1001',
      response_type: 'code',
      redirect_uri: `${BASE}/facebook/callback`,
      scope: 'ads_management,ads_read,read_insights',
      state: 'S',
      auth_type: 'rerequest',
    })
  })

  test('takes rights, a configuration and PKCE from the variables', () => {
    const own = { SCOPES: 'ads_read, pages_show_list', CONFIG_ID: '77', PKCE: 'on' }

    expect(dialogOf(own)).toMatchObject({
      scope: 'ads_read,pages_show_list',
      config_id: '77',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    })
    expect(create(own).scopes.map(({ title }) => title)).toEqual([
      'Чтение рекламы',
      'Список страниц',
    ])
  })
})

describe('who is this', () => {
  const person = { id: '5', name: 'Анна' }

  test('tells the ad accounts, in words on the page', async () => {
    const { account, table } = await identified([
      { id: 'act_1', account_id: '1', name: 'Цветы', account_status: 1 },
      { id: 'act_2', account_id: 2, account_status: 101 },
      { id: 'act_3', account_id: '3', name: 'Новый', account_status: 4711 },
    ])

    expect(account).toMatchObject({ id: '5', name: 'Анна' })
    expect(table).toEqual({
      title: 'Рекламные кабинеты',
      columns: ['Кабинет', 'Номер', 'Состояние'],
      rows: [
        ['Цветы', '1', 'работает'],
        ['Без названия', '2', 'закрыт'],
        ['Новый', '3', 'неизвестно'],
      ],
    })
  })

  test.each([
    ['none', [], 'ни одного'],
    ['not allowed', { error: { code: 200 } }, 'Facebook не даёт их увидеть'],
    ['not granted', { error: { code: 10 } }, 'Facebook не даёт их увидеть'],
  ])('is answered without ad accounts: %s', async (_what, answer, words) => {
    const { facts, table } = await identified(answer)

    expect(facts).toContainEqual({ label: 'Рекламные кабинеты', value: words })
    expect(table).toBeUndefined()
  })

  test.each([
    [190, 460, 'dead'],
    [190, 459, 'permission'],
    [17, undefined, 'temporary'],
    [100, undefined, 'configuration'],
  ])('fails with the ad accounts when they say %i/%s', async (code, error_subcode, kind) => {
    await expect(identified({ error: { code, error_subcode } })).rejects.toMatchObject({ kind })
  })

  test.each([{}, { id: '' }, { name: 'Анна' }])('is not told by %j', async (me) => {
    const server = await startServer((res) => {
      sendJson(res, me)
    })

    await expect(apiOf(server).identify()).rejects.toMatchObject({ code: 'bad_response' })
  })

  async function identified(adAccounts: unknown) {
    const server = await startServer((res, { path }) => {
      if (path.startsWith('/me?')) sendJson(res, person)
      else sendJson(res, Array.isArray(adAccounts) ? { data: adAccounts } : adAccounts)
    })
    const account = await apiOf(server).identify()
    const { words } = create()
    return { account, facts: words.facts(account), table: words.table?.(account) }
  }
})

describe('the rights granted', () => {
  test.each([
    [
      [
        ['public_profile', 'granted'],
        ['ads_read', 'granted'],
        ['ads_management', 'declined'],
        ['read_insights', 'expired'],
      ],
      ['ads_read'],
    ],
    [
      [
        ['public_profile', 'granted'],
        ['ads_read', 'declined'],
      ],
      [],
    ],
  ])('are those of %j', async (rows, rights) => {
    const data = rows.map(([permission, status]) => ({ permission, status }))
    const server = await startServer((res) => {
      sendJson(res, { data })
    })

    expect(await apiOf(server).grantedScope()).toEqual(rights)
  })

  test('are unknown when the answer is odd', async () => {
    const server = await startServer((res) => {
      sendJson(res, {})
    })

    expect(await apiOf(server).grantedScope()).toBeUndefined()
  })
})

describe('taking back', () => {
  test.each([['true'], ['{"success":true}']])('is done when Graph says %s', async (body) => {
    const server = await startServer((res) => res.end(body))

    await revokeAt(server)

    expect(server.asked[0]).toMatchObject({ method: 'DELETE' })
    expect(server.asked[0]?.path).toMatch(/^\/me\/permissions\?appsecret_proof=8964008847cf/)
  })

  test.each([['false'], ['{"success":false}'], ['{}'], ['<html>']])(
    'is not done when it says %s',
    async (body) => {
      const server = await startServer((res) => res.end(body))

      await expect(revokeAt(server)).rejects.toMatchObject({ kind: 'temporary' })
    },
  )

  test('is not done with a dead token', async () => {
    const server = await startServer((res) => {
      sendJson(res, { error: { code: 190, error_subcode: 463 } }, 400)
    })

    await expect(revokeAt(server)).rejects.toMatchObject({ kind: 'dead' })
  })
})

const NOT_EXTENDED = { code: 'not_extended', kind: 'temporary', retryAt: inDays(1) }

const create = (own: Record<string, string> = {}) => facebook.create({ ...KEYS, ...own }, BASE)

function dialogOf(own: Record<string, string> = {}) {
  const { auth, redirectUri } = create(own)
  return Object.fromEntries(auth.begin({ redirectUri, state: 'S' }).url.searchParams)
}

function apiOf({ url, host }: LocalServer, own: Record<string, string> = {}) {
  const provider = create({ API_URL: url, ...own })
  const api = createApi(platformAt(host), provider, TOKENS)
  return {
    identify: () => provider.identify(api),
    grantedScope: () => provider.grantedScope?.(api),
  }
}

/** A Facebook that answers every question as it hopes to be answered, and writes down where it was asked. */
async function addressesOf(own: Record<string, string>): Promise<string[]> {
  const asked: string[] = []
  const whole = { access_token: 'A', id: '5', data: { app_id: '1001' }, success: true }
  const http = {
    breaker: { name: 'closed', failed: 0 } as const,
    send({ url }: { url: string }) {
      asked.push(url)
      const list = url.endsWith('adaccounts') ? { data: [] } : {}
      return Promise.resolve({
        status: 200,
        headers: {},
        text: JSON.stringify({ ...whole, ...list }),
      })
    },
    sendOpenly: () => Promise.reject(new Error('nothing goes openly')),
    fetchFile: () => Promise.reject(new Error('no file is fetched')),
  }
  const provider = create(own)
  await provider.auth.complete(http, ARRIVAL)
  await provider.identify(createApi(http, provider, TOKENS))
  await provider.auth.revoke?.(http, TOKENS)
  return asked
}

const ARRIVAL = {
  redirectUri: `${BASE}/facebook/callback`,
  state: 'S',
  callback: new URLSearchParams({ code: 'C', state: 'S' }),
}

async function completeAt({ url, host }: LocalServer) {
  const { auth } = create({ TOKEN_URL: `${url}/token`, API_URL: url })
  return await auth.complete(platformAt(host), ARRIVAL)
}

async function revokeAt({ url, host }: LocalServer) {
  await create({ API_URL: url }).auth.revoke?.(platformAt(host), TOKENS)
}

function failureOf(body: unknown, status = 400): ProviderError {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return thrownBy(() => readGraph({ status, headers: {}, text }))
}

function thrownBy(act: () => unknown): ProviderError {
  try {
    act()
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
