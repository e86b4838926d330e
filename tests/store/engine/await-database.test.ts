import { createServer } from 'node:net'
import { expect, inject, onTestFinished, test } from 'vitest'
import { ConfigError } from '../../../app/errors.ts'
import { createLog } from '../../../app/observe/log.ts'
import { openDatabase } from '../../../app/store/prepare.ts'
import { freePort } from '../../support/postgres.ts'
import { openHandle } from './empty-database.ts'
import { openLine } from './line.ts'

test('a database that starts later is waited for, with a word in the log', async () => {
  const port = await freePort()
  const { lines, log } = listening()
  const start = openAt(port, { waitMs: 20_000, log })
  await expect.poll(() => lines.join()).toContain('waiting_for_database')

  await openLine({ client: 'postgres', url: inject('postgresUrl') }, port)
  await start

  expect(lines.join()).toContain('не отвечает')
  expect(lines.length).toBeLessThan(3)
})

test('after the time that was given it is given up, in words', async () => {
  const start = openAt(await freePort(), { waitMs: 300 })

  await expect(start).rejects.toThrow(ConfigError)
  await expect(start).rejects.toThrow(/DATABASE_URL: PostgreSQL на .* не отвечает/)
})

test('something else that listens there is told from a database', async () => {
  const port = await freePort()
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  other.listen(port, '127.0.0.1')
  onTestFinished(() => void other.close())

  await expect(openAt(port, { waitMs: 0 })).rejects.toThrow(/DATABASE_URL: соединение с/)
})

test('what does not pass by itself is not waited for', async () => {
  const url = new URL(inject('postgresUrl'))
  url.pathname = 'nothing'
  const begun = performance.now()

  const start = open(url.href, { waitMs: 60_000 })

  await expect(start).rejects.toThrow(/нет базы nothing/)
  expect(performance.now() - begun).toBeLessThan(50_000)
})

test('whoever stops us while we wait need not wait', async () => {
  const stop = new AbortController()
  const start = openAt(await freePort(), { waitMs: 60_000, signal: stop.signal })
  setTimeout(() => {
    stop.abort()
  }, 200)

  await expect(start).rejects.toThrow('aborted')
})

type Patience = Parameters<typeof openDatabase>[2]

const openAt = (port: number, patience: Patience) =>
  open(`postgres://postgres@127.0.0.1:${port}/postgres`, patience)

async function open(url: string, patience: Patience): Promise<void> {
  const config = { client: 'postgres', url } as const
  await openDatabase(openHandle(config), config, patience)
}

function listening() {
  const lines: string[] = []
  return { lines, log: createLog('warn', { write: (line: string) => void lines.push(line) }) }
}
