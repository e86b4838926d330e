import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../app/config.ts'
import { csrf, isBadToken } from '../../app/web/csrf.ts'
import { uploadsOf } from '../../app/web/uploads.ts'
import { startApp } from '../support/app.ts'
import { csrfOf } from '../support/browser.ts'
import { painted } from '../support/pictures.ts'

const MB = 1024 * 1024

describe('A form with files', () => {
  test('arrives with its fields and files, whatever they are called', async () => {
    const { send } = await open()

    expect(
      await send([
        ['group', 'розы'],
        ['same', '1'],
        ['same', '2'],
        ['photo', new File(['abc'], 'Букет роз.PNG')],
        ['photo:7f', new File([], 'empty.jpg')],
        ['none', new File([], '')],
      ]),
    ).toEqual({
      status: 200,
      fields: { group: 'розы', same: ['1', '2'] },
      files: [
        { field: 'photo', name: 'Букет роз.PNG', size: 3 },
        { field: 'photo:7f', name: 'empty.jpg', size: 0 },
      ],
    })
  })

  test('a file that is too large is named, and the rest is there', async () => {
    const { send } = await open()

    const answer = await send([
      ['photo', new File([Buffer.alloc(10 * MB)], 'just.jpg')],
      ['photo', new File([Buffer.alloc(10 * MB + 1)], 'large.jpg')],
      ['photo', new File(['abc'], 'small.jpg')],
      ['group', 'розы'],
    ])

    expect(answer).toMatchObject({
      status: 200,
      fields: { group: 'розы' },
      files: [{ size: 10 * MB }, { name: 'large.jpg' }, { size: 3 }],
    })
    expect(answer).not.toHaveProperty('files.1.size')
  })

  test('what one request may hold in memory is bounded', async () => {
    const { send } = await open()
    const nine = Buffer.alloc(9 * MB)

    const { files } = await send(
      Array.from({ length: 9 }, (_, n) => ['photo', new File([nine], `${n}.jpg`)]),
    )

    expect(files?.map(({ size }) => size)).toEqual([
      ...Array.from({ length: 7 }, () => 9 * MB),
      undefined,
      undefined,
    ])
  })

  test.each<[string, number, Part[]]>([
    ['a field of 65 KB', 413, [['group', 'x'.repeat(65 * 1024)]]],
    ['20,001 fields', 413, Array.from({ length: 20_000 }, (_, n) => [`f${n}`, ''])],
    ['1.2 MB of fields', 413, Array.from({ length: 20 }, (_, n) => [`f${n}`, 'x'.repeat(60_000)])],
    ['4,001 files', 413, Array.from({ length: 4_001 }, () => ['photo', new File(['a'], 'a.jpg')])],
    ['a name of 301 characters', 413, [['n'.repeat(301), '']]],
  ])('%s is too much', async (_name, status, parts) => {
    const { send } = await open()

    expect(await send(parts)).toEqual({ status })
  })

  test('names with brackets stay names, whatever stands in them', async () => {
    const { send } = await open()

    const { fields } = await send([
      ['map[4294967290]', 'create'],
      ['map[a-b]', 'skip'],
      ['map', ''],
    ])

    expect(fields).toEqual({ 'map[4294967290]': 'create', 'map[a-b]': 'skip', map: '' })
  })

  test('has room for the rules of three thousand groups', async () => {
    const { send } = await open()
    const groups = Array.from({ length: 3_000 }, (_, n) => `7f4b2c9e-0000-4000-8000-${n + 1e11}`)
    const fields = ['map', 'cat', 'pct', 'plus', 'round']

    const answer = await send([
      ...groups.flatMap((id) => fields.map((name): Part => [`${name}[${id}]`, ''])),
      ...groups.map((id): Part => [`photo[${id}]`, new File([], '')]),
    ])

    expect(answer.status).toBe(200)
  })

  test('20,000 fields with all their names are not', async () => {
    const { send } = await open()

    const { status } = await send(
      Array.from({ length: 19_999 }, (_, n) => [`group:${n}`, 'create']),
    )

    expect(status).toBe(200)
  })

  test.each([
    ['half of one', '--b\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\nabc'],
    ['nothing', ''],
    ['no parts', 'hello'],
    ['one without a name', '--b\r\ncontent-disposition: form-data\r\n\r\nabc\r\n--b--\r\n'],
    [
      'one in no encoding',
      '--b\r\ncontent-disposition: form-data; name="a"\r\ncontent-type: text/plain; charset=nope\r\n\r\nabc\r\n--b--\r\n',
    ],
  ])('%s is none', async (_name, body) => {
    const { url } = await open()
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }

    const { status } = await fetch(`${url}/sync/settings`, { method: 'POST', body, headers })

    expect([400, 403]).toContain(status)
  })

  test('without a boundary is none', async () => {
    const { url } = await open()
    const headers = { 'content-type': 'multipart/form-data' }

    const { status } = await fetch(`${url}/sync/settings`, { method: 'POST', body: 'x', headers })

    expect(status).toBe(400)
  })
})

describe('The token of a form with files', () => {
  test('is asked for', async () => {
    const { send } = await open()

    expect(await send([['_csrf', 'planted']], { token: '' })).toEqual({ status: 403 })
    expect(await send([], { token: '' })).toEqual({ status: 403 })
  })

  test('is read on no other page', async () => {
    const { send } = await open()

    expect(await send([], { path: '/account' })).toEqual({ status: 403 })
    expect(await send([], { path: '/sync/settings/x' })).toEqual({ status: 403 })
    expect(await send([], { path: '/x/sync/settings' })).toEqual({ status: 403 })
  })

  test.each<[string, How, Asker]>([
    ['another site', { headers: { origin: 'https://evil.example' } }, {}],
    ['a stranger', {}, { stranger: true }],
  ])('of %s is not even read', async (_name, how, asker) => {
    const { send } = await open(asker)

    expect(await send([['too large', 'x'.repeat(MB)]], how)).toEqual({ status: 403 })
  })
})

describe('On the real pages', () => {
  test('a multipart form with its token comes through where there are files, and nowhere else', async () => {
    const app = await startApp()
    const browser = app.newBrowser()
    await browser.register()
    const token = csrfOf(await browser.get('/account'))
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
    const post = async (path: string, _csrf: string) => {
      const body = new FormData()
      body.set('_csrf', _csrf)
      const answer = await fetch(app.url + path, { method: 'POST', body, headers: { cookie } })
      return answer.status
    }

    expect(await post('/sync/settings', token)).not.toBe(403)
    expect(await post('/sync/settings', 'wrong')).toBe(403)
    expect(await post('/account', token)).toBe(403)
  })

  test('a photo is shown to its owner alone', async () => {
    const app = await startApp()
    const [browser, other, stranger] = [app.newBrowser(), app.newBrowser(), app.newBrowser()]
    await browser.register()
    await other.register({ email: 'oleg@example.ru' })
    const jpeg = await painted(400, 400).jpeg().toBuffer()
    const picture = { jpeg, width: 400, height: 400, hash: 'a' }
    const { id } = await app.ctx.photos.save(1, { name: 'a.jpg', ...picture })

    const shown = await browser.get(`/sync/photos/${id}`)

    expect(shown.status).toBe(200)
    expect(shown.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=600',
    })
    expect((await other.get(`/sync/photos/${id}`)).status).toBe(404)
    expect((await browser.get(`/sync/photos/${id + 1}`)).status).toBe(404)
    expect((await browser.get('/sync/photos/x')).status).toBe(404)
    expect((await stranger.get(`/sync/photos/${id}`)).location).toContain('/login')
  })
})

type Part = [string, string | File]

interface Told {
  status: number
  fields?: Record<string, unknown>
  files?: { field: string; name: string; size?: number }[]
}

interface Asker {
  stranger?: boolean
}

/** The pieces of the app a form with files meets, in their order; the session is everybody's. */
async function open({ stranger = false }: Asker = {}) {
  const app = express()
  const session = {}
  app.use((req, res, next) => {
    Object.assign(req, { session })
    if (!stranger) Object.assign(res.locals, { user: { id: 1 } })
    next()
  })
  app.use(csrf({ baseUrl: 'http://localhost' } as Config))
  app.get('/token', (_req, res) => {
    res.send(res.locals.csrf)
  })
  app.use((req, res) => {
    const fields = { ...(req.body as object), _csrf: undefined }
    const files = uploadsOf(req).map(({ bytes, ...file }) => ({ ...file, size: bytes?.length }))
    res.json({ fields, files })
  })
  app.use(failed)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.close()
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const own = await (await fetch(`${url}/token`)).text()

  async function send(parts: Part[], how: How = {}): Promise<Told> {
    const { path = '/sync/settings', token = own, headers = {} } = how
    const body = new FormData()
    if (token) body.append('_csrf', token)
    for (const [name, value] of parts) body.append(name, value)
    const answer = await fetch(url + path, { method: 'POST', body, headers })
    const told = answer.ok ? ((await answer.json()) as object) : {}
    return { status: answer.status, ...told }
  }
  return { url, send }
}

interface How {
  path?: string
  token?: string
  headers?: Record<string, string>
}

const failed: ErrorRequestHandler = (error: Error & { status?: number }, _req, res, next) => {
  const forbidden = isBadToken(error) || error.message === 'stale_page'
  const status = forbidden ? 403 : error.status
  if (status) res.status(status).end()
  else next(error)
}
