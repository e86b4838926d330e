import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import express, { type Response } from 'express'
import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { packAnswers } from '../../app/web/kit/packed-answers.ts'

const PAGE = '<p>Букет «Утро»</p>'.repeat(500)
const LONG = '<p>Букет «Утро»</p>'.repeat(50_000)

describe('An answer that is whole', () => {
  test.each([
    ['a page', (res: Response) => res.send(PAGE), PAGE, 'text/html; charset=utf-8'],
    [
      'a page too long for one go',
      (res: Response) => res.send(LONG),
      LONG,
      'text/html; charset=utf-8',
    ],
    [
      'JSON',
      (res: Response) => res.json({ PAGE }),
      JSON.stringify({ PAGE }),
      'application/json; charset=utf-8',
    ],
    [
      'what says its type',
      (res: Response) => res.type('txt').send(PAGE),
      PAGE,
      'text/plain; charset=utf-8',
    ],
  ])('is packed, and is the same: %s', async (_what, answer, text, type) => {
    const { headers, body } = await ask(answer, 'gzip, deflate, br')

    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': type,
      'content-length': String(body.length),
      vary: 'Accept-Encoding',
    })
    expect(gunzipSync(body).toString()).toBe(text)
    expect(body.length).toBeLessThan(Buffer.byteLength(text) / 3)
  })

  test.each([undefined, 'identity', 'gzip;q=0', 'br'])('is as it was for %s', async (accepted) => {
    const { headers, body } = await ask((res) => res.send(PAGE), accepted)

    expect(headers).not.toHaveProperty('content-encoding')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      vary: 'Accept-Encoding',
    })
    expect(body.toString()).toBe(PAGE)
  })

  test.each([
    ['short', (res: Response) => res.send('ok')],
    ['no text', (res: Response) => res.type('jpg').send(Buffer.alloc(5_000))],
    ['empty', (res: Response) => res.status(204).end()],
  ])('is left as it is where it is %s', async (_what, answer) => {
    const { headers } = await ask(answer, 'gzip')

    expect(headers).not.toHaveProperty('content-encoding')
  })
})

async function ask(answer: (res: Response) => unknown, accepted?: string) {
  const app = express()
    .disable('etag')
    .use(packAnswers, (_req, res) => {
      answer(res)
    })
  const server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted }
  const got = await request(`http://127.0.0.1:${port}/`, { headers })
  return { headers: got.headers, body: Buffer.from(await got.body.arrayBuffer()) }
}
