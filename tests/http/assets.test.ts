import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import express from 'express'
import { request } from 'undici'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openAssets } from '../../app/web/assets/assets.ts'
import { writeAssets } from '../../app/web/assets/folder.ts'
import { makeFiles } from '../../app/web/assets/make.ts'
import type { Files } from '../../app/web/assets/names.ts'
import { pickedIcon } from '../../app/web/assets/picked-icons.ts'
import { assetsRouter } from '../../app/web/assets/router.ts'
import { startApp } from '../support/app.ts'

const YEAR = 'public, max-age=31536000, immutable'

let files: Files
beforeAll(async () => {
  files = await makeFiles(['bi-eye'], [{ key: 'vk', tile: { ground: '#0077ff', ink: '#ffffff' } }])
})

describe('What a build leaves', () => {
  test.each([
    ['app.css', 'text/css; charset=utf-8'],
    ['app.js', 'text/javascript; charset=utf-8'],
    ['icons.svg', 'image/svg+xml'],
    ['logo.svg', 'image/svg+xml'],
    ['golos-text-cyrillic-wght-normal.woff2', 'font/woff2'],
  ])('%s is named by its content and kept for a year', async (name, type) => {
    const { assets, ask } = await serveBuilt(files)

    const { status, headers } = await ask(assets.href(name))

    expect(assets.href(name)).toMatch(/^\/assets\/[\w-]+\.[0-9a-f]{10}\.\w+$/)
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': type, 'cache-control': YEAR })
  })

  test.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0, gzip', gunzipSync],
    [undefined, 'identity', (body: Buffer) => body],
    [undefined, undefined, (body: Buffer) => body],
  ])('is sent as %s to whoever takes %s', async (encoding, accepted, unpack) => {
    const { assets, ask } = await serveBuilt(files)
    const asking = accepted === undefined ? {} : { 'accept-encoding': accepted }

    const whole = await ask(assets.href('app.css'))
    const { headers, body } = await ask(assets.href('app.css'), asking)

    expect(headers['content-encoding']).toBe(encoding)
    expect(headers.vary).toBe('Accept-Encoding')
    expect(Number(headers['content-length'])).toBe(body.length)
    expect(unpack(body).equals(whole.body)).toBe(true)
    if (encoding) expect(body.length).toBeLessThan(whole.body.length / 3)
  })

  test('a typeface is packed already', async () => {
    const { assets, ask } = await serveBuilt(files)
    const href = assets.href('golos-text-latin-wght-normal.woff2')

    const { headers, body } = await ask(href, { 'accept-encoding': 'br' })

    expect(headers).not.toHaveProperty('content-encoding')
    expect(body.subarray(0, 4).toString()).toBe('wOF2')
  })

  test('whoever asks by HEAD learns the same, and gets nothing', async () => {
    const { assets, ask } = await serveBuilt(files)

    const { status, headers, body } = await ask(assets.href('app.js'), {}, 'HEAD')

    expect([status, body.length]).toEqual([200, 0])
    expect(headers['cache-control']).toBe(YEAR)
  })

  test('another content has another name, and the old name leads nowhere', async () => {
    const before = await serveBuilt(files)
    const after = await serveBuilt(changed('app.js', '/* new */'))

    expect(after.assets.href('app.js')).not.toBe(before.assets.href('app.js'))
    expect(after.assets.href('app.css')).toBe(before.assets.href('app.css'))
    expect((await after.ask(before.assets.href('app.js'))).status).toBe(404)
  })

  test('a sheet names its typefaces by their content, so it changes with them', async () => {
    const font = 'golos-text-latin-wght-normal.woff2'
    const before = await serveBuilt(files)
    const after = await serveBuilt(changed(font, 'another typeface'))

    const sheet = (await after.ask(after.assets.href('app.css'))).body.toString()

    expect(sheet).toContain(`url(${path.basename(after.assets.href(font))})`)
    expect(after.assets.href('app.css')).not.toBe(before.assets.href('app.css'))
  })

  test('a plain name leads to the file of today, which nobody keeps', async () => {
    const { ask } = await serveBuilt(files)

    const { status, headers } = await ask('/assets/app.css')

    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-cache')
  })

  test('the colours of the platforms come from the platforms', async () => {
    const { assets, ask } = await serveBuilt(files)

    const { body } = await ask(assets.href('app.css'))

    expect(body.toString()).toContain(
      '.tile-vk{background:var(--light, #0077ff) var(--dark, #ffffff)',
    )
  })

  test.each([
    'assets.json',
    'app.css.br',
    '..%2fbuild.json',
    '%2e%2e/app/server.js',
    'constructor',
  ])('%s is not there', async (name) => {
    const { ask } = await serveBuilt(files)

    expect((await ask(`/assets/${name}`)).status).toBe(404)
  })
})

describe('An icon that only an administrator has picked', () => {
  test('is kept for a year under its own name, and not found under another', async () => {
    const browser = (await startApp()).newBrowser()

    const unknown = await browser.get('/assets/icons/cart.0123456789.svg')
    const found = await browser.get(`/assets/${pickedIcon('bi-cart')?.name ?? ''}`)

    expect(unknown.status).toBe(404)
    expect(found.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': YEAR })
    expect(found.html).toContain('<symbol id="cart"')
  })
})

test('from the sources pages name files plainly, and each is there', async () => {
  const browser = (await startApp()).newBrowser()
  const { html } = await browser.get('/login')

  const named = html.match(/\/assets\/[\w./-]+/g) ?? []
  const answers = await Promise.all(named.map((name) => browser.get(name)))

  expect(named).toEqual(expect.arrayContaining(['/assets/app.css', '/assets/app.js']))
  expect(answers.map(({ status }) => status)).toEqual(named.map(() => 200))
  expect(answers.every(({ headers }) => headers['cache-control'] === 'no-cache')).toBe(true)
})

const changed = (name: string, text: string): Files =>
  new Map([...files, [name, Buffer.from(text)]])

/** A build's folder, behind what serves it. */
async function serveBuilt(built: Files) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-assets-'))
  writeAssets(folder, built, ['bi-eye'])
  const assets = openAssets([], folder)
  const app = express().disable('etag').use('/assets', assetsRouter(assets))
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening)
    })
  })
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  const { port } = server.address() as AddressInfo
  return {
    assets,
    ask: async (name: string, headers = {}, method: 'GET' | 'HEAD' = 'GET') => {
      const answer = await request(`http://127.0.0.1:${port}${name}`, { method, headers })
      const body = Buffer.from(await answer.body.arrayBuffer())
      return { status: answer.statusCode, headers: answer.headers, body }
    },
  }
}
