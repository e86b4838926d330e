import { describe, expect, test } from 'vitest'
import { createApi } from '../../../app/providers/api.ts'
import { vk } from '../../../app/providers/vk/index.ts'
import { only, platformAt, sendJson, startServer } from '../http/local-server.ts'

const TOKENS = { accessToken: 'vk1.a.hush', carried: {} }
const ANNA = { id: 777, first_name: 'Анна', last_name: 'Лавкина', is_closed: false }

describe('who is this', () => {
  test('is asked as the plan has it: a GET with token and version', async () => {
    const { asked } = await identify({ response: [ANNA] })

    expect(asked.method).toBe('GET')
    expect(asked.path).toBe('/method/users.get?v=5.131&access_token=vk1.a.hush')
  })

  test('with VK_TOKEN_METHOD=POST the token stands in no address', async () => {
    const { asked } = await identify({ response: [ANNA] }, { TOKEN_METHOD: 'POST' })

    expect(asked).toMatchObject({ method: 'POST', path: '/method/users.get' })
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      v: '5.131',
      access_token: 'vk1.a.hush',
    })
  })

  test('by POST it is asked again after an outage: asking changes nothing', async () => {
    const server = await startServer((res) => res.writeHead(503).end())

    await expect(apiOf(server.host, { TOKEN_METHOD: 'POST' }).identify()).rejects.toThrow()

    expect(server.asked).toHaveLength(4)
  })

  test('tells id and name', async () => {
    const { account } = await identify({ response: [ANNA] })

    expect(account).toEqual({
      id: '777',
      name: 'Анна Лавкина',
      profile: { first_name: 'Анна', last_name: 'Лавкина' },
    })
  })

  test.each([
    [{ id: 777, first_name: 'Анна' }, 'Анна'],
    [{ id: 777, last_name: 'Лавкина' }, 'Лавкина'],
    [{ id: 777 }, undefined],
    [{ id: '777', first_name: '', last_name: null }, undefined],
  ])('of %j the name is %j', async (user, name) => {
    const { account } = await identify({ response: [user] })

    expect(account.id).toBe('777')
    expect(account.name).toBe(name)
  })

  test.each([
    { response: [] },
    { response: {} },
    { response: [{}] },
    { response: [null] },
    { response: null },
  ])('is not told by %j', async (answer) => {
    await expect(identify(answer)).rejects.toMatchObject({ code: 'bad_response' })
  })
})

describe('the rights granted', () => {
  test('are asked for where the token answer keeps silent', async () => {
    const server = await startServer((res) => {
      sendJson(res, { response: 134_545_412 })
    })

    const rights = await apiOf(server.host).grantedScope()

    expect(rights).toEqual(['photos', 'offline', 'groups', 'market'])
    expect(server.asked[0]?.path).toContain('/method/account.getAppPermissions?')
  })

  test('need no question with VK ID', () => {
    const provider = vk.create({ AUTH: 'vkid', CLIENT_ID: '51' }, 'http://localhost:3000')

    expect(provider).not.toHaveProperty('grantedScope')
  })
})

describe('the pace', () => {
  test.each([
    [{}, 3],
    [{ PER_SECOND: '20' }, 20],
  ])('with %j is %d calls a second', (own, perSecond) => {
    expect(vk.create(own, 'http://localhost:3000')).toMatchObject({ perSecond })
  })
})

describe('the grant', () => {
  test('of the classic flow is neither renewed nor revoked by us', () => {
    const { auth } = vk.create({}, 'http://localhost:3000')

    expect(auth).not.toHaveProperty('refresh')
    expect(auth).not.toHaveProperty('revoke')
  })

  test.each([
    ['{"response":1}', undefined],
    ['{"response":0}', 'refused'],
    ['{"error":"invalid_token"}', 'refused'],
    ['', 'bad_response'],
  ])('of VK ID is revoked by its own call; %s ends with %s', async (text, code) => {
    const server = await startServer((res) => res.end(text))
    const own = { AUTH: 'vkid', CLIENT_ID: '51', REVOKE_URL: `${server.url}/revoke` }
    const { auth } = vk.create(own, 'http://localhost:3000')

    const revoked = auth.revoke?.(platformAt(server.host), TOKENS)

    if (code) await expect(revoked).rejects.toMatchObject({ code })
    else await expect(revoked).resolves.toBeUndefined()
    expect(server.asked).toMatchObject([
      { method: 'POST', path: '/revoke', body: 'client_id=51&access_token=vk1.a.hush' },
    ])
  })
})

async function identify(answer: unknown, variables: Record<string, string> = {}) {
  const server = await startServer((res) => {
    sendJson(res, answer)
  })
  const account = await apiOf(server.host, variables).identify()
  return { account, asked: only(server.asked) }
}

function apiOf(host: string, variables: Record<string, string> = {}) {
  const own = { API_URL: `http://${host}/method`, ...variables }
  const provider = vk.create(own, 'http://localhost:3000')
  const api = createApi(platformAt(host), provider, TOKENS)
  return {
    identify: () => provider.identify(api),
    grantedScope: () => provider.grantedScope?.(api),
  }
}
