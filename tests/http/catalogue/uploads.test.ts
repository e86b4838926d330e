import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import express, { type ErrorRequestHandler } from 'express'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../../app/config/index.ts'
import { Busy, ClientGone } from '../../../app/errors.ts'
import { csrf } from '../../../app/web/kit/csrf.ts'
import { isBadToken } from '../../../app/web/kit/csrf-token.ts'
import { uploadsOf } from '../../../app/web/kit/uploads.ts'
import { createUploadRoom } from '../../../app/web/kit/upload-room.ts'
import { startApp } from '../../support/app.ts'
import { csrfOf } from '../../support/browser.ts'
import { painted } from '../../support/pictures.ts'

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

  test('each file has its own bytes, however small they are', async () => {
    const { send } = await open({
      work: (bytes) => Promise.resolve({ text: Buffer.from(bytes ?? []).toString() }),
    })
    const texts = Array.from({ length: 300 }, (_, n) => `${n} `.repeat((n * 37) % 900))

    const { files } = await send(
      texts.map((text, n) => [`photo[${n}]`, new File([text], `${n}.jpg`)]),
    )

    expect(files).toEqual(
      texts.map((text, n) => ({ field: `photo[${n}]`, name: `${n}.jpg`, text })),
    )
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
      files: [{ size: 10 * MB }, { name: 'large.jpg', size: 'too large' }, { size: 3 }],
    })
  })

  test('may bring more files than there is room for in memory', async () => {
    const { send } = await open()
    const six = [0, 1, 2, 3, 4, 5]

    const { files } = await send(
      six.map((n) => ['photo', new File([Buffer.alloc(9 * MB, n)], `${n}.jpg`)]),
    )

    expect(files).toEqual(
      six.map((n) => ({ field: 'photo', name: `${n}.jpg`, size: 9 * MB, of: [n, n] })),
    )
  })

  test('of more than 64 MB is refused by what it says of itself, and by what comes', async () => {
    const { url, token } = await open()
    const head = `POST /sync/settings HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n`

    const said = await talk(url, `${head}Content-Length: ${65 * MB}\r\n\r\n`)
    const silent = await talk(url, `${head}Transfer-Encoding: chunked\r\n\r\n`, function* () {
      const start = Buffer.from(`${field('_csrf', token)}${opening('photo', 'a.jpg')}`)
      yield chunk(start)
      for (let n = 0; n < 65; n += 1) yield chunk(Buffer.alloc(MB))
    })

    expect([said.status, silent.status]).toEqual([413, 413])
  })

  test.each<[string, number, Part[]]>([
    ['a field of 65 KB', 413, [['group', 'x'.repeat(65 * 1024)]]],
    ['40,001 fields', 413, Array.from({ length: 40_000 }, (_, n) => [`f${n}`, ''])],
    ['4.2 MB of fields', 413, Array.from({ length: 70 }, (_, n) => [`f${n}`, 'x'.repeat(60_000)])],
    ['8,001 files', 413, Array.from({ length: 8_001 }, () => ['photo', new File(['a'], 'a.jpg')])],
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

  test('has room for the rules of five thousand groups', async () => {
    const { send } = await open()
    const groups = Array.from({ length: 5_000 }, (_, n) => `7f4b2c9e-0000-4000-8000-${n + 1e11}`)
    const fields = ['map', 'cat', 'pct', 'plus', 'round']

    const answer = await send([
      ...groups.flatMap((id) => fields.map((name): Part => [`${name}[${id}]`, ''])),
      ...groups.map((id): Part => [`photo[${id}]`, new File([], '')]),
    ])

    expect(answer.status).toBe(200)
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

  test('comes before the files, or in a header', async () => {
    const { url, token } = await open()
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/sync/settings`, {
        method: 'POST',
        body: `${body}--b--\r\n`,
        headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
      })
    const file = `${opening('photo', 'a.jpg')}abc\r\n`

    expect((await post(file + field('_csrf', token))).status).toBe(403)
    expect((await post(field('link', 'new') + field('_csrf', token) + file)).status).toBe(200)
    expect((await post(file, { 'x-csrf-token': token })).status).toBe(200)
    expect((await post(file, { 'x-csrf-token': 'wrong' })).status).toBe(403)
  })

  test('of another session ends a form before its file has come', async () => {
    const { url } = await open()
    const head = `POST /sync/settings HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${20 * MB}\r\n\r\n`

    const { status } = await talk(url, `${head}${field('_csrf', 'wrong')}--b\r\n`)

    expect(status).toBe(403)
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

describe('Room for uploads', () => {
  test('one person sends the files of one form at a time', async () => {
    const { url, token, send } = await open()
    const half = await talk(url, halfSent(token, 100_000), undefined, { wait: false })

    const second = await send([['photo', new File(['abc'], 'a.jpg')]])
    const bare = await send([['link', 'new']])
    const other = await send([['photo', new File(['abc'], 'a.jpg')]], { user: '2' })
    half.end()
    const later = await until(
      () => send([['photo', new File(['abc'], 'a.jpg')]]),
      ({ status }) => status === 200,
    )

    expect(second).toEqual({ status: 503, retryAfter: '15' })
    expect([bare.status, other.status, later.status]).toEqual([200, 200, 200])
  })

  test('the process holds so much in memory and no more, the others wait for it', async () => {
    let [busy, most] = [0, 0]
    const { send } = await open({
      async work(bytes) {
        busy += bytes?.length ?? 0
        most = Math.max(most, busy)
        await pause(20)
        busy -= bytes?.length ?? 0
        return {}
      },
    })
    const photos = () => [1, 2, 3].map((): Part => ['photo', new File([Buffer.alloc(7 * MB)], 'a')])

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => send(photos(), { user: String(n + 2) })),
    )

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(most).toBe(21 * MB)
  })

  test('on the disk there is room for so much, and again when they go', () => {
    const room = createUploadRoom({ memory: 100, disk: 1_000 })
    const [one, other] = [room(1), room(2)]
    one.store(900)

    expect(() => {
      other.store(101)
    }).toThrow('uploads_full')
    other.store(100)
    one.leave()
    other.store(900)
    other.leave()
  })

  test('nothing is left of a form on the disk, whether it was taken or broken off', async () => {
    const { url, token, send } = await open()
    const before = await spools()

    await send([['photo', new File([Buffer.alloc(MB)], 'a.jpg')]])
    const half = await talk(url, halfSent(token, 100_000), undefined, { wait: false })
    await pause(200)
    half.end()

    expect(await spools()).toEqual(before)
    await expect.poll(openSpools).toBe(0)
  })

  test('a form nobody goes on sending is given up', async () => {
    const { url, token } = await open()
    const begun = performance.now()

    const { status } = await talk(url, halfSent(token, 100_000))

    expect(status).toBe(408)
    expect(performance.now() - begun).toBeGreaterThan(14_000)
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
  retryAfter?: string
  fields?: Record<string, unknown>
  files?: { field: string; name: string; size?: number | string }[]
}

interface Asker {
  stranger?: boolean
  /** On each file. */
  work?: (bytes: Uint8Array | undefined) => Promise<object>
}

/** The pieces of the app a form with files meets, in their order; the session is everybody's. */
async function open({ stranger = false, work = seen }: Asker = {}) {
  const app = express()
  const session = {
    save: (done: () => void) => {
      done()
    },
  }
  app.use((req, res, next) => {
    Object.assign(req, { session })
    if (!stranger) Object.assign(res.locals, { user: { id: Number(req.get('x-user') ?? 1) } })
    next()
  })
  app.use(csrf({ baseUrl: 'http://localhost' } as Config))
  app.get('/token', (_req, res) => {
    res.send(res.locals.csrf)
  })
  app.use(async (req, res) => {
    const fields = { ...(req.body as object), _csrf: undefined }
    const files: object[] = []
    for (const { field, name, open } of uploadsOf(req))
      files.push({ field, name, ...(await open((bytes) => work(bytes))) })
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
    const { path = '/sync/settings', token = own, headers = {}, user = '1' } = how
    const body = new FormData()
    if (token) body.append('_csrf', token)
    for (const [name, value] of parts) body.append(name, value)
    const answer = await fetch(url + path, {
      method: 'POST',
      body,
      headers: { ...headers, 'x-user': user },
    })
    const retryAfter = answer.headers.get('retry-after')
    const told = answer.ok ? ((await answer.json()) as object) : {}
    return { status: answer.status, ...told, ...(retryAfter && { retryAfter }) }
  }
  return { url, send, token: own }
}

const seen = (bytes: Uint8Array | undefined) =>
  Promise.resolve(
    bytes
      ? { size: bytes.length, ...(bytes.length > MB && { of: [bytes[0], bytes.at(-1)] }) }
      : { size: 'too large' },
  )

const field = (name: string, value: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const opening = (name: string, file: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${file}"\r\ncontent-type: image/jpeg\r\n\r\n`
const chunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

/** A form that says it is longer than it is, begun with its token and a file. */
const halfSent = (token: string, length: number, user = '1') =>
  `POST /sync/settings HTTP/1.1\r\nHost: localhost\r\nX-User: ${user}\r\n` +
  `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n` +
  `${field('_csrf', token)}${opening('photo', 'half.jpg')}half`

/** Says what a browser would not; the status of the answer, unless nobody waits for it. */
async function talk(
  url: string,
  head: string,
  more?: () => Generator<Buffer>,
  { wait = true } = {},
): Promise<{ status: number; socket: Socket; end: () => void }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  const answered = new Promise<number>((resolve) => {
    socket.on('data', (data) => {
      resolve(Number(data.toString('latin1').split(' ')[1]))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(0)
    })
  })
  socket.write(head)
  for (const part of more?.() ?? [])
    if (!socket.write(part)) await Promise.race([once(socket, 'drain').catch(() => 0), answered])
  const status = wait ? await answered : 0
  return { status, socket, end: () => socket.destroy() }
}

/** Names of spools in the temporary folder. */
const spools = async () =>
  (await readdir(tmpdir())).filter((name) => /^evosync-[\da-f]{8}-/.test(name))

/** Spools this process holds open, of those that have no name any more. */
async function openSpools(): Promise<number> {
  const handles = await readdir('/proc/self/fd')
  const files = await Promise.all(
    handles.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return files.filter((file) => /evosync-[\da-f]{8}-.*\(deleted\)$/.test(file)).length
}

/** What comes of it once it is so. */
async function until<T>(work: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await work()
    if (isSo(value) || tries === 50) return value
    await pause(50)
  }
}

interface How {
  user?: string
  path?: string
  token?: string
  headers?: Record<string, string>
}

const failed: ErrorRequestHandler = (error: Error & { status?: number }, _req, res, next) => {
  const forbidden = isBadToken(error) || error.message === 'stale_page'
  if (error instanceof Busy) res.set('Retry-After', String(error.retryAfter))
  const status = forbidden ? 403 : error instanceof Busy ? 503 : error.status
  if (error instanceof ClientGone) res.destroy()
  else if (status) res.status(status).end()
  else next(error)
}
