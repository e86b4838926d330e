import { describe, expect, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { apiClient, apiToken } from '../../support/api.ts'
import { csrfOf } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { define, openRayon } from '../../support/rayon.ts'

const NUL = String.fromCharCode(0)
const profile = (name: string, id = 'u-1', mail = 'u-1@rayon.example') =>
  JSON.stringify({ data: { user: { id, name, mail } } })

describe.each(ENGINES)('A platform with a grudge, on %s', (engine) => {
  test.each([
    ['a NUL in the name', profile(`Лав${NUL}ка`)],
    ['a NUL in the id', profile('Лавка', `u${NUL}1`)],
    ['half a character', profile('Лавка').replace('Лавка', '\\ud83d')],
    ['a name of half a megabyte', profile('Я'.repeat(250_000))],
    ['an id of half a megabyte', profile('Лавка', '9'.repeat(500_000))],
    ['a mail of half a megabyte', profile('Лавка', 'u-1', 'я'.repeat(250_000))],
    ['nests of arrays', `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['a prototype', '{"__proto__":{"data":{"user":{"id":"x"}}},"data":{"user":{"id":{}}}}'],
    ['markup', profile('</title><script>alert(1)</script>')],
  ])('that sends %s breaks no page and fills none', async (_what, body) => {
    const { app, browser, rayon } = await openRayon({ engine })
    await define({ browser, rayon })
    rayon.fault('/me', { body })

    const back = await browser.connect('rayon')
    await checkDue(app.ctx, new Date(Date.now() + 1000), new AbortController().signal)

    expect(back.status).toBe(303)
    for (const path of ['/connections', '/rayon', '/account', '/admin/providers']) {
      const page = await browser.get(path)
      expect([path, page.status]).toEqual([path, 200])
      expect(page.html.length).toBeLessThan(100_000)
      expect(page.html).not.toContain('<script>alert')
    }
  })
})

describe.each(ENGINES)('A token answer with a grudge, on %s', (engine) => {
  test.each([
    ['a NUL among the rights', `catalog.read catalog.write ${NUL} a${NUL}b`],
    ['a right of half a megabyte', `catalog.read catalog.write ${'x'.repeat(500_000)}`],
    ['rights without end', `catalog.read catalog.write ${'x '.repeat(250_000)}`],
  ])('that names %s fills no page', async (_what, scope) => {
    const { app, browser, rayon } = await openRayon({ engine })
    await define({ browser, rayon })
    const answer = { access_token: 'at-1', token_type: 'Bearer', scope, user_id: scope }
    rayon.fault('/oauth/token', { body: JSON.stringify(answer) })
    rayon.fault('/me', { body: profile('Лавка') })

    expect((await browser.connect('rayon')).location).toBe('/connections')

    expect((await app.ctx.connections.find(1, 'rayon'))?.scope).toContain('catalog.read')
    for (const path of ['/connections', '/rayon'])
      expect((await browser.get(path)).html.length).toBeLessThan(100_000)
  })
})

describe.each(ENGINES)('An address with a NUL in it, on %s', (engine) => {
  test('is one of no platform', async () => {
    const { app, browser } = await openRayon({ engine })
    const call = apiClient(app, await apiToken(app, ['read', 'tokens', 'admin']))

    const pages = ['/admin/providers/%00', '/admin/providers/%00/delete', '/%00', '/%00/connect']
    for (const path of pages) expect([path, (await browser.get(path)).status]).toEqual([path, 404])
    for (const path of ['/oauth/%00', '/oauth/x%00'])
      for (const method of ['PATCH', 'DELETE', 'PUT'])
        expect((await call(method, path, { json: {} })).status).toBe(404)
    expect((await call('GET', '/connections/%00')).status).toBe(404)
    expect((await call('POST', '/oauth/login', { json: { provider: NUL } })).status).toBe(404)
    const page = await browser.get('/admin/providers/new')
    const fields = { key: NUL, _csrf: csrfOf(page) }
    expect((await browser.post('/admin/providers/test', fields)).status).toBe(422)
  })
})
