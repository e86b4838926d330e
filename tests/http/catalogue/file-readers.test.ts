import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express, { type ErrorRequestHandler } from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { Busy } from '../../../app/errors.ts'
import { createFileReaders } from '../../../app/web/kit/file-readers.ts'

test('one owner’s files have so many readers at once, all files together so many', async () => {
  const { read, get } = await open({ inAll: 4, ofOne: 2, idleMs: 60_000 })
  const first = await read('anna')
  await read('anna')
  await read('oleg')

  expect(await get('anna')).toBe(503)
  const last = await read('oleg')
  expect(await get('ivan')).toBe(503)
  first.destroy()
  last.destroy()

  await expect.poll(() => get('ivan', { whole: false })).toBe(200)
})

test('a reader who takes nothing is let go, and what made the file for them ends', async () => {
  const { read, ended } = await open({ inAll: 4, ofOne: 2, idleMs: 300 })

  await read('anna')

  await expect.poll(ended).toBe(1)
})

/** A file without an end, for whoever the address names. */
async function open(most: Parameters<typeof createFileReaders>[0]) {
  const app = express()
  const enter = createFileReaders(most)
  let ended = 0
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve('строка\n'.repeat(10_000))
    } finally {
      ended += 1
    }
  }
  app.get('/:owner', async (req, res) => {
    enter(res, req.params.owner)
    await pipeline(Readable.from(endless()), res).catch(() => undefined)
  })
  app.use(refused)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo

  return {
    ended: () => ended,
    /** Takes the beginning and no more. */
    read: async (owner: string): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`GET /${owner} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      await once(socket, 'readable')
      return socket
    },
    get: async (owner: string, { whole = true } = {}): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${port}/${owner}`)
      if (whole) await answer.text()
      else await answer.body?.cancel()
      return answer.status
    },
  }
}

const refused: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof Busy) res.status(503).set('Retry-After', String(error.retryAfter)).end()
  else next(error)
}
