import { describe, expect, test } from 'vitest'
import { apiClient, apiToken } from '../../support/api.ts'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { openRayon } from '../../support/rayon.ts'

const SECRET = 'rayon-secret-canary-31b7'

describe.each(ENGINES)('Platforms by the API, on %s', (engine) => {
  test('one is added by plan 003’s names, works at once, and its secret is never seen again', async () => {
    const { app, call, fields } = await open({ engine })

    const added = await call('POST', '/oauth/rayon', { json: fields })

    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({
      key: 'rayon',
      title: 'rayon',
      redirect_uri: `${app.url}/rayon/callback`,
      has_client_secret: true,
      enabled: true,
      pkce: true,
    })
    expect(JSON.stringify(added.body)).not.toContain(SECRET)
    const listed = (await call('GET', '/connections')).body.connections as { key: string }[]
    expect(listed.map(({ key }) => key)).toContain('rayon')
    expect(JSON.stringify(await app.ctx.db('custom_providers'))).not.toContain(SECRET)
  })

  test('one that was added at another instance is known here a second later', async () => {
    const { app, call, fields } = await open({ engine })
    const beside = await startApp({ engine, beside: app })
    const there = apiClient(beside, await apiToken(app))
    expect((await there('GET', '/connections/rayon')).status).toBe(404)

    await call('POST', '/oauth/rayon', { json: fields })

    await expect.poll(async () => (await there('GET', '/connections/rayon')).status).toBe(200)
  })

  test('one is replaced, changed in part, and removed', async () => {
    const { call, fields } = await open({ engine })
    await call('POST', '/oauth/rayon', { json: { ...fields, title: 'Витрина района' } })

    const patched = await call('PATCH', '/oauth/rayon', { json: { provider_scope: 'goods.read' } })
    expect(patched.body).toMatchObject({ title: 'Витрина района', provider_scope: 'goods.read' })

    const replaced = await call('PUT', '/oauth/rayon', { json: { ...fields, title: 'Район' } })
    expect(replaced.body).toMatchObject({ title: 'Район', provider_scope: 'catalog.read' })

    expect((await call('DELETE', '/oauth/rayon')).status).toBe(204)
    expect((await call('DELETE', '/oauth/rayon')).status).toBe(404)
    expect((await call('GET', '/connections/rayon')).status).toBe(404)
  })
})

describe('What cannot be', () => {
  test('faults are told field by field, by the caller’s own names', async () => {
    const { call, fields } = await open()

    const { status, body } = await call('POST', '/oauth/rayon', {
      json: { ...fields, token_grabber_base_url: 'http://10.0.0.5/token', client_id: ' ' },
    })

    expect([status, body.code]).toEqual([422, 'invalid_fields'])
    expect(body.errors).toEqual({
      client_id: 'Заполните поле «ID приложения»',
      token_grabber_base_url: 'Нужен адрес https:// вне внутренней сети',
    })
  })

  test('a field nobody knows is no silence', async () => {
    const { call, fields } = await open()

    const { status, body } = await call('POST', '/oauth/rayon', {
      json: { ...fields, provider_scopes: 'x' },
    })

    expect(status).toBe(422)
    expect(body.errors).toEqual({ provider_scopes: 'Такого поля нет' })
  })

  test.each(['vk', 'connections', 'login'])('the key %s is taken', async (key) => {
    const { call, fields } = await open()

    const { status, body } = await call('POST', `/oauth/${key}`, { json: fields })

    expect([400, 405, 409]).toContain(status)
    expect(body.code).toMatch(/^(key_taken|bad_request)$/)
  })

  test('a secret does not follow its platform to another server by itself', async () => {
    const { call, fields } = await open()
    await call('POST', '/oauth/rayon', { json: fields })

    const { status, body } = await call('PATCH', '/oauth/rayon', {
      json: { token_grabber_base_url: 'https://elsewhere.example/token' },
    })

    expect(status).toBe(422)
    expect(Object.keys(body.errors as object)).toEqual(['client_secret'])
  })

  test('a built-in platform cannot be replaced or removed', async () => {
    const { call, fields } = await open()

    expect((await call('PUT', '/oauth/vk', { json: fields })).status).toBe(404)
    expect((await call('DELETE', '/oauth/vk')).status).toBe(404)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s needs the right to manage', async (method) => {
    const { app, fields } = await open()
    const call = apiClient(app, await apiToken(app, ['read', 'tokens']))
    const json = method === 'DELETE' ? undefined : fields

    const answer = await call(method, '/oauth/rayon', { json })

    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope'])
  })

  test('GET tells nothing: what is there is listed with the connections', async () => {
    const { call } = await open()

    const answer = await call('GET', '/oauth/rayon')

    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST, PUT, PATCH, DELETE'])
  })
})

async function open(options: Parameters<typeof openRayon>[0] = {}) {
  const { rayon, app } = await openRayon(options)
  const call = apiClient(app, await apiToken(app, ['read', 'admin']))
  const fields = {
    client_id: 'evosync-01',
    client_secret: SECRET,
    provider_scope: 'catalog.read',
    authorisation_base_url: `${rayon.url}/oauth/authorize`,
    token_grabber_base_url: `${rayon.url}/oauth/token`,
    user_info_base_url: `${rayon.url}/me`,
  }
  return { app, call, fields }
}
