import { describe, expect, test } from 'vitest'
import { type Page, readable } from '../../support/browser.ts'
import { define, openRayon, type Rayon, rayonFields } from '../../support/rayon.ts'

describe('«Проверить адреса»', () => {
  test('tells of a good platform that all is well, stores nothing and shows no secret', async () => {
    const scene = await openRayon()

    const page = await tryOut(scene)

    expect(page.status).toBe(200)
    expect(page.text).toContain('Все адреса подходят')
    expect(linesOf(page)).toEqual([
      'Адрес авторизации. Подходит. Отвечает: людей можно отправлять сюда.',
      'Адрес выдачи токена. Подходит. Отвечает и узнаёт приложение.',
      'Адрес проверки и профиля. Подходит. Отвечает и не пускает без ключа доступа, как и должен.',
    ])
    expect(page.html).not.toContain(scene.rayon.clientSecret)
    expect(page.dom.querySelector('#token_url')?.getAttribute('value')).toContain('/oauth/token')
    expect(await scene.app.ctx.customProviders.all()).toEqual([])
    expect(scene.rayon.tokens.size).toBe(0)
  })

  test.each<[string, Record<string, string>, number, RegExp]>([
    [
      'a wrong secret',
      { client_secret: 'wrong' },
      1,
      /ID или секрет не подходят.* invalid_client$/,
    ],
    ['a secret told in another way', { client_auth: 'basic' }, 1, /ID или секрет не подходят/],
    [
      'a token address that is no page',
      { token_url: '/nowhere' },
      1,
      /страницы на сервере нет.* HTTP 404$/,
    ],
    ['a token address that is another page', { token_url: '/me' }, 1, /Не подходит/],
    [
      'an authorize address that is no page',
      { authorize_url: '/nowhere' },
      0,
      /страницы на сервере нет/,
    ],
    [
      'an unknown application',
      { client_id: 'other' },
      0,
      /Под вопросом.*адрес возврата.* HTTP 400$/,
    ],
    [
      'a profile address that is no page',
      { userinfo_url: '/nowhere' },
      2,
      /страницы на сервере нет/,
    ],
    ['a profile everybody may read', { userinfo_url: '/' }, 2, /и без ключа доступа/],
  ])('names %s', async (_what, changes, line, words) => {
    const scene = await openRayon()
    const absolute = Object.entries(changes).map(([name, value]) => [
      name,
      value.startsWith('/') ? scene.rayon.url + value : value,
    ])

    const page = await tryOut(scene, Object.fromEntries(absolute) as Record<string, string>)

    expect(linesOf(page)[line]).toMatch(words)
    expect(page.text).not.toContain('Все адреса подходят')
  })

  test.each<[string, Parameters<Rayon['rayon']['fault']>, RegExp]>([
    ['that is down', ['/oauth/token', { status: 503 }], /Сервер отвечает ошибкой.* HTTP 503$/],
    ['that hangs up', ['/oauth/token', { way: 'reset' }], /Сервер не отвечает/],
    ['that sends us on', ['/oauth/token', { way: 'redirect' }], /Перенаправляет на другой адрес/],
    ['that wants a pause', ['/oauth/token', { status: 429 }], /просит подождать/],
    [
      'that answers with a page',
      ['/oauth/token', { status: 200, body: '<h1>' }],
      /не так, как сервер OAuth/,
    ],
    [
      'that takes no codes',
      ['/oauth/token', { status: 400, body: '{"error":"unsupported_grant_type"}' }],
      /не выдаёт токены по коду/,
    ],
  ])('names a token address %s', async (_what, fault, words) => {
    const scene = await openRayon()
    scene.rayon.fault(...fault)

    expect(linesOf(await tryOut(scene))[1]).toMatch(words)
  })

  test('takes a sign-in page the server sends people on to for a good answer', async () => {
    const scene = await openRayon()
    scene.rayon.fault('/oauth/authorize', { status: 302, headers: { location: '/sign-in' } })

    expect(linesOf(await tryOut(scene))[0]).toContain('Подходит')
  })

  test('does not keep people from connecting, however badly it goes', async () => {
    const scene = await openRayon()
    await define(scene)
    scene.rayon.fault('*', { status: 503 })
    for (let n = 0; n < 6; n += 1) await tryOut(scene)
    scene.rayon.mend()

    expect((await scene.browser.connect('rayon')).location).toBe('/connections')
  })

  test('uses the stored secret for an empty field, at its own server only', async () => {
    const scene = await openRayon()
    await define(scene)
    const thief = await openRayon()
    const inside = await openRayon({
      env: { OUTBOUND_ALLOW: [scene, thief].map(({ rayon }) => new URL(rayon.url).host).join() },
    })
    await define({ rayon: scene.rayon, browser: inside.browser })
    const edit = await inside.browser.get('/admin/providers/rayon')
    const test = '/admin/providers/test'
    const fields = formFields(edit)

    const own = await inside.browser.post(test, fields)
    const elsewhere = await inside.browser.post(test, {
      ...fields,
      token_url: `${thief.rayon.url}/oauth/token`,
    })

    expect(linesOf(own)[1]).toContain('Подходит')
    expect(elsewhere.status).toBe(422)
    expect(elsewhere.text).toContain('Впишите секрет ещё раз')
    expect(thief.rayon.asked).toEqual([])
  })

  test('is counted: more than thirty a minute have to wait', async () => {
    const scene = await openRayon()
    for (let n = 0; n < 30; n += 1)
      await scene.app.ctx.limits.hit({ name: 'trial', most: 30, windowMs: 60_000 }, '1')

    expect((await tryOut(scene)).status).toBe(429)
  })
})

describe('Filling in by the address of the server', () => {
  const metadata = (url: string) => ({
    issuer: url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    revocation_endpoint: `${url}/oauth/revoke`,
    scopes_supported: ['openid', 'email', 'secret-scope'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  })
  const OAUTH = '/.well-known/oauth-authorization-server'
  const OPENID = '/.well-known/openid-configuration'

  test('takes what the server says of itself, from both descriptions', async () => {
    const scene = await openRayon()
    const { url } = scene.rayon
    scene.rayon.fault(OAUTH, { status: 200, body: JSON.stringify(metadata(url)) })
    const openid = { issuer: url, userinfo_endpoint: `${url}/me` }
    scene.rayon.fault(OPENID, { status: 200, body: JSON.stringify(openid) })

    const page = await importFrom(scene, url)
    const fields = formFields(page)

    expect(page.text).toContain('Адреса заполнены')
    expect(fields).toMatchObject({
      authorize_url: `${url}/oauth/authorize`,
      token_url: `${url}/oauth/token`,
      userinfo_url: `${url}/me`,
      revoke_url: `${url}/oauth/revoke`,
      issuer: url,
      issuer_required: 'on',
      pkce: 'on',
      scope: 'openid email',
      client_auth: 'body',
    })
  })

  test('reckons with a server that keeps silent about the rest (RFC 8414 §2)', async () => {
    const scene = await openRayon()
    const { url } = scene.rayon
    scene.rayon.fault(OAUTH, {
      status: 200,
      body: JSON.stringify({ issuer: url, token_endpoint: 7 }),
    })

    const fields = formFields(await importFrom(scene, url))

    expect(fields.client_auth).toBe('basic')
    expect(fields.pkce).toBeUndefined()
    expect(fields.issuer_required).toBeUndefined()
  })

  test('asks below the path of a server that has one, before it and after it', async () => {
    const scene = await openRayon()
    const issuer = `${scene.rayon.url}/tenant/one`
    scene.rayon.fault(`${OAUTH}/tenant/one`, { status: 200, body: JSON.stringify({ issuer }) })

    const page = await importFrom(scene, issuer)

    expect(page.status).toBe(200)
    expect(scene.rayon.count(`/tenant/one${OPENID}`)).toBe(1)
  })

  test('fills in the addresses and keeps what was typed', async () => {
    const scene = await openRayon()
    const page = await scene.browser.get('/admin/providers/new')
    const { url } = scene.rayon
    scene.rayon.fault(OAUTH, { status: 200, body: JSON.stringify(metadata(url)) })
    const typed = { name: 'Район', key: 'rayon', client_id: 'id', icon: 'bi-shop', enabled: '' }

    const filled = await scene.browser.submit(page, '/admin/providers/import', {
      ...typed,
      server: url,
      token_url: 'https://old.example/token',
    })

    expect(filled.status).toBe(200)
    expect(formFields(filled)).toMatchObject({
      ...{ name: 'Район', key: 'rayon', client_id: 'id', icon: 'bi-shop' },
      ...{ server: url, token_url: `${url}/oauth/token` },
    })
    expect(formFields(filled)).not.toHaveProperty('enabled')
  })

  test('Enter beside the server’s address fills in, for nothing can be saved yet', async () => {
    const scene = await openRayon()
    const { url } = scene.rayon
    scene.rayon.fault(OPENID, { status: 200, body: JSON.stringify({ issuer: url }) })
    const page = await scene.browser.get('/admin/providers/new')

    const typed = { name: 'Район', server: url }
    const filled = await scene.browser.submit(page, '/admin/providers', typed)

    expect(filled.status).toBe(200)
    expect(filled.text).toContain('Адреса заполнены')
    expect(formFields(filled)).toMatchObject({ name: 'Район', issuer: url })
  })

  test.each([
    ['of another server', 'https://id.thief.example', 'называет другой адрес'],
    ['of the same server in other letters', 'UP', 'называет другой адрес'],
    ['without a name', undefined, 'нет поля issuer'],
  ])('refuses a description %s', async (_what, issuer, words) => {
    const scene = await openRayon()
    const { url } = scene.rayon
    const named = issuer === 'UP' ? url.toUpperCase() : issuer
    scene.rayon.fault(OAUTH, {
      status: 200,
      body: JSON.stringify({ ...metadata(url), issuer: named }),
    })

    const page = await importFrom(scene, url)

    expect(page.status).toBe(422)
    expect(page.text).toContain(words)
    expect(page.text).toContain(`${url}${OAUTH}`)
    if (named) expect(page.text).toContain(named)
    expect(page.html).not.toContain('/oauth/token')
  })

  test.each([
    ['a slash more in the document', '', '/'],
    ['a slash more in what was typed', '/', ''],
    ['the whole address of its description', OPENID, ''],
    ['that, and a slash in the document', OPENID, '/'],
    ['the address of the other description', OAUTH, ''],
    ['spaces around it', '  ', ''],
  ])('takes %s', async (_what, typedMore, namedMore) => {
    const scene = await openRayon()
    const { url } = scene.rayon
    const issuer = url + namedMore
    scene.rayon.fault(OPENID, { status: 200, body: JSON.stringify({ ...metadata(url), issuer }) })

    const page = await importFrom(scene, ` ${url}${typedMore}`)

    expect(page.status).toBe(200)
    expect(formFields(page).issuer).toBe(issuer)
  })

  test.each([
    ['after the path', `/tenant/one${OPENID}`],
    ['before the path', `${OPENID}/tenant/one`],
    ['before the path, of OAuth', `${OAUTH}/tenant/one`],
  ])('takes the address of a description with its well-known part %s', async (_what, pasted) => {
    const scene = await openRayon()
    const issuer = `${scene.rayon.url}/tenant/one`
    scene.rayon.fault(pasted, { status: 200, body: JSON.stringify({ issuer }) })

    expect((await importFrom(scene, scene.rayon.url + pasted)).status).toBe(200)
  })

  test.each<[string, Parameters<Rayon['rayon']['fault']>[1], string]>([
    ['that has none', { status: 404 }, 'ответ HTTP 404'],
    ['that is down', { status: 503 }, 'ответ HTTP 503'],
    ['that answers with a page', { status: 200, body: '<h1>' }, 'ответ не JSON'],
    ['that sends us elsewhere', { way: 'redirect' }, 'перенаправляет на другой адрес'],
    ['without end', { way: 'huge' }, ''],
  ])('says so of a server %s', async (_what, fault, found) => {
    const scene = await openRayon()
    scene.rayon.fault('*', fault)

    const page = await importFrom(scene, scene.rayon.url)

    expect(page.status).toBe(422)
    expect(page.text).toContain('По этому адресу нет описания сервера')
    expect(page.text).toContain(`${scene.rayon.url}${OPENID}: ${found}`)
  })
})

async function tryOut({ browser, rayon }: Rayon, changes: Record<string, string> = {}) {
  const page = await browser.get('/admin/providers/new')
  const fields = { ...formFields(page), ...rayonFields(rayon), ...changes }
  return await browser.post('/admin/providers/test', fields)
}

async function importFrom({ browser }: Rayon, server: string): Promise<Page> {
  const page = await browser.get('/admin/providers/new')
  return await browser.submit(page, '/admin/providers/import', { server })
}

/** Everything in the larger form of the page, as a browser would send it. */
function formFields({ dom }: Page): Record<string, string> {
  const form = dom.querySelectorAll('form').find((one) => one.querySelector('#client_id'))
  const inputs = form?.querySelectorAll('input') ?? []
  const sent = inputs.filter(
    (one) => one.getAttribute('type') !== 'checkbox' || one.hasAttribute('checked'),
  )
  const selects = (form?.querySelectorAll('select') ?? []).map((one) => [
    one.getAttribute('name') ?? '',
    one.querySelector('[selected]')?.getAttribute('value') ?? '',
  ])
  return Object.fromEntries([
    ...sent.map((one) => [one.getAttribute('name') ?? '', one.getAttribute('value') ?? '']),
    ...selects,
  ]) as Record<string, string>
}

const linesOf = ({ dom }: Page) =>
  dom.querySelectorAll('[aria-labelledby=findings] li').map((one) => readable(one.outerHTML))
