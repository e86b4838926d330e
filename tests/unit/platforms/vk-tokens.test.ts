import { describe, expect, test } from 'vitest'
import { vk } from '../../../app/providers/vk/index.ts'
import { only, platformAt, sendJson, startServer } from '../http/local-server.ts'

const REDIRECT = 'https://shop.example.ru/vk/callback'
const KEYS = { CLIENT_ID: '51', CLIENT_SECRET: 'hush' }

describe('the classic flow, as the connection plan has it', () => {
  test('asks by GET, everything in the query, and nothing the plan does not name', async () => {
    const { asked } = await redeem({})

    expect(asked).toMatchObject({ method: 'GET', body: '' })
    expect([...new URL(asked.path, REDIRECT).searchParams]).toEqual([
      ['client_id', '51'],
      ['client_secret', 'hush'],
      ['code', 'C1'],
      ['redirect_uri', REDIRECT],
    ])
  })

  test('with VK_TOKEN_METHOD=POST the secret stands in no address', async () => {
    const { asked } = await redeem({ TOKEN_METHOD: 'POST' })

    expect(asked).toMatchObject({ method: 'POST', path: '/access_token' })
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      client_id: '51',
      client_secret: 'hush',
      code: 'C1',
      redirect_uri: REDIRECT,
    })
  })

  test('a token with the right «offline» has no end', async () => {
    const { tokens } = await redeem({})

    expect(tokens).toEqual({ accessToken: 'vk1.a.X', accountId: '777', carried: {} })
  })
})

describe('VK ID', () => {
  test('asks with verifier, device and a state of its own, and without a secret', async () => {
    const { asked } = await redeem({ AUTH: 'vkid' })

    const form = Object.fromEntries(new URLSearchParams(asked.body))
    expect(asked).toMatchObject({ method: 'POST', path: '/access_token' })
    expect(form).toEqual({
      client_id: '51',
      grant_type: 'authorization_code',
      code: 'C1',
      redirect_uri: REDIRECT,
      code_verifier: 'V1',
      device_id: 'D1',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
  })

  test('keeps the device with the tokens', async () => {
    expect((await redeem({ AUTH: 'vkid' })).tokens.carried).toEqual({ device_id: 'D1' })
  })

  test.each(['invalid_grant', 'invalid_token', 'invalid_request', 'access_denied'])(
    'at a refresh %s means that the grant is gone',
    async (error) => {
      await expect(refresh({ error })).rejects.toMatchObject({ kind: 'dead' })
    },
  )

  test.each([
    ['slow_down', 'temporary'],
    ['server_error', 'temporary'],
    ['temporarily_unavailable', 'temporary'],
    ['invalid_client', 'configuration'],
  ])('at a refresh %s is %s', async (error, kind) => {
    await expect(refresh({ error })).rejects.toMatchObject({ kind })
  })
})

async function redeem(variables: Record<string, string>) {
  const server = await startServer((res) => {
    sendJson(res, { access_token: 'vk1.a.X', expires_in: 0, user_id: 777 })
  })
  const own = { ...KEYS, TOKEN_URL: `${server.url}/access_token`, ...variables }
  const { auth } = vk.create(own, 'https://shop.example.ru')
  const callback = new URLSearchParams({ code: 'C1', state: 'S1', device_id: 'D1' })
  const arrival = { redirectUri: REDIRECT, state: 'S1', callback, verifier: 'V1' }
  const way = variables.AUTH ? arrival : { redirectUri: REDIRECT, state: 'S1', callback }
  const tokens = await auth.complete(platformAt(server.host), way)
  return { tokens, asked: only(server.asked) }
}

async function refresh(answer: unknown) {
  const server = await startServer((res) => {
    sendJson(res, answer)
  })
  const own = { ...KEYS, AUTH: 'vkid', TOKEN_URL: server.url }
  const { auth } = vk.create(own, 'https://shop.example.ru')
  const old = { accessToken: 'A1', refreshToken: 'R1', carried: { device_id: 'D1' } }
  return await auth.refresh?.(platformAt(server.host), old)
}
