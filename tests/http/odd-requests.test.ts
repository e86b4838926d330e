import { describe, expect, test } from 'vitest'
import { request } from 'undici'
import { apiClient, apiToken } from '../support/api.ts'
import { startApp } from '../support/app.ts'
import { ENGINES } from '../support/databases.ts'
import { allPlatforms } from '../support/platforms.ts'
import { openScene } from '../support/stage.ts'

const LONG = 'A'.repeat(12_000)

describe.each(await allPlatforms())('A callback of $name', (platform) => {
  test('with parameters given twice redeems nothing by the wrong one', async () => {
    const { app, browser, stage } = await openScene(platform)
    const { auth } = app.ctx.providers.get(stage.key)

    for (const name of ['state', auth.proof ?? 'code']) {
      const callback = await browser.consent(`/${stage.key}/connect`)
      const back = await browser.get(`${callback}&${name}=stolen`)
      expect(back.location).toMatch(/\?error=(invalid_state|no_code)$/)
    }

    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('with endless parameters is a redirect like any other, and they are kept nowhere', async () => {
    const { app, browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`))
    callback.searchParams.append('error', LONG)
    callback.searchParams.append('error_description', '<script>alert(1)</script>')

    const back = await browser.get(callback.href)
    const page = await browser.get(back.location)

    expect([back.status, page.status]).toEqual([303, 200])
    expect(back.location).toBe(`/${stage.key}?error=no_code`)
    expect(page.html).not.toMatch(/AAAAAA|<script>alert/)
    expect(JSON.stringify([app.lines, await app.ctx.db('events')])).not.toContain('AAAAAA')
  })
})

describe.each(ENGINES)('Odd calls of the API, on %s', (engine) => {
  test('end in a problem, never in a 500', async () => {
    const app = await startApp({ engine })
    await app.newBrowser().register()
    const token = await apiToken(app, ['read', 'tokens', 'admin'])
    const call = apiClient(app, token)
    const json = { 'content-type': 'application/json' }
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const bodies = ['null', '[]', '[1]', '"x"', '1', '{', '{"__proto__":{"admin":true}}', deep]
    const more = [
      '{"client_id":{"a":1}}',
      '{"pkce":"yes"}',
      '{"title":"\\u0000"}',
      '{"title":null}',
    ]

    for (const body of [...bodies, ...more, '{"constructor":{"prototype":{}}}'])
      for (const [method, path] of [
        ['POST', '/oauth/rayon'],
        ['PUT', '/oauth/rayon'],
        ['PATCH', '/oauth/rayon'],
        ['POST', '/oauth/login'],
        ['POST', '/connections/vk/refresh'],
      ] as const) {
        const { status } = await call(method, path, { body, headers: json })
        expect([400, 404, 409, 422, 429], `${method} ${path} ${body.slice(0, 40)}`).toContain(
          status,
        )
      }
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  test('are judged by the path as it stands: no case, slash or escape leads past the rights', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()
    const token = await apiToken(app, ['read'])
    const authorization = `Bearer ${token}`

    const asked = async (method: string, path: string) => {
      const answer = await request(app.url + path, {
        method: method as 'GET',
        headers: { authorization },
      })
      await answer.body.dump()
      return answer.statusCode
    }

    for (const path of [
      '/api/v1/connections/vk/token',
      '/api/v1/connections/vk/token/',
      '/API/V1/Connections/vk/TOKEN',
      '/api/v1/connections/vk%2Ftoken',
      '/api/v1//connections/vk/token',
      '/api/v1/connections/VK',
      '/api/v1/connections/__proto__',
      '/api/v1/connections/constructor',
      '/api/v1/connections/%E0%A4%A',
    ]) {
      for (const method of ['GET', 'HEAD'])
        expect([400, 403, 404], `${method} ${path}`).toContain(await asked(method, path))
    }
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST'])
      expect(await asked(method, '/api/v1/oauth/vk')).toBe(403)
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND'])
      expect(await asked(method, '/api/v1/oauth/vk')).toBeGreaterThanOrEqual(400)
  })

  test('with a session but no page token change nothing, whatever their type says', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json', ''])
      for (const method of ['POST', 'DELETE'] as const) {
        const headers = { cookie, ...(type && { 'content-type': type }) }
        const answer = await request(`${app.url}/api/v1/oauth/rayon`, {
          method,
          headers,
          body: type ? '{}' : null,
        })
        await answer.body.dump()
        expect([403, 415], `${method} ${type}`).toContain(answer.statusCode)
        expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      }
  })
})
