import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { freePort } from '../support/postgres.ts'
import { type Child, startServer, tempFolder } from '../support/process.ts'

/** More than the process has open by itself. */
const LIMIT = 90
const PATIENCE_MS = 240_000
const RED = { status: 503, body: '{"status":"file_descriptors"}' }
const GREEN = { status: 200, body: '{"status":"ready"}' }

test(
  'out of file descriptors there is one line in the log, and the process is not ready until there are some again',
  async () => {
    const port = await freePort()
    const server = await start(port)
    setLimit(server, LIMIT)
    const ask = keptLine(port)
    expect(await ask('/readyz')).toEqual(GREEN)

    const crowd = await Promise.all(Array.from({ length: 2 * LIMIT }, () => visitor(port)))
    await server.logged('out_of_file_descriptors')
    expect(await ask('/readyz')).toEqual(RED)
    expect((await ask('/healthz')).status).toBe(200)
    const style = await ask('/assets/app.css')
    expect([style.status, style.retryAfter]).toEqual([503, '30'])
    await pause(2_500)
    for (const one of crowd) one.destroy()

    await expect.poll(() => ask('/readyz')).toEqual(GREEN)
    await server.logged('file_descriptors_again')
    expect(server.output().match(/out_of_file_descriptors/g)).toHaveLength(1)
    expect(server.output().match(/"level":"(warn|error)"/g)).toHaveLength(1)
    expect(await server.stop()).toBe(0)
  },
  PATIENCE_MS,
)

test(
  'a visitor who cannot even be turned away ends nothing, and is one line too',
  async () => {
    const port = await freePort()
    const server = await start(port)
    const ask = keptLine(port)
    await ask('/readyz')

    setLimit(server, 1) // what Node keeps for this case is above it
    const unlucky = await visitor(port)
    await server.logged('out_of_file_descriptors')
    expect(await ask('/readyz')).toEqual(RED)
    setLimit(server, 1_000)

    await expect.poll(() => ask('/readyz')).toEqual(GREEN)
    expect((await keptLine(port)('/healthz')).status).toBe(200)
    unlucky.destroy()
    expect(server.output().match(/"level":"(warn|error)"/g)).toHaveLength(1)
    expect(await server.stop()).toBe(0)
  },
  PATIENCE_MS,
)

async function start(port: number): Promise<Child> {
  const server = startServer(tempFolder(), { ...freshSecrets(), PORT: String(port) })
  await server.logged('listening')
  return server
}

/** Of a process that runs: the loader of a start opens more at once than the server ever does. */
function setLimit({ process: { pid } }: Child, limit: number) {
  execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${limit}:`])
}

interface Answer {
  status: number | undefined
  body: string
  retryAfter?: string
}

/** Asks over one connection that is kept. */
function keptLine(port: number): (path: string) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => {
    agent.destroy()
  })
  return (path) =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', path, agent }, (res) => {
        const retryAfter = res.headers['retry-after']
        let body = ''
        res.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
        res.on('end', () => {
          resolve({ status: res.statusCode, body, ...(retryAfter && { retryAfter }) })
        })
      }).on('error', reject)
    })
}

/** Somebody who comes and says nothing. */
async function visitor(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => {
    socket.destroy()
  })
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}
