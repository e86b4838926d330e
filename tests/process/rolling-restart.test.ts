import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { Browser } from '../support/browser.ts'
import { newPostgres } from '../support/databases.ts'
import { freePort } from '../support/postgres.ts'
import { type Child, databaseVariables, startServer, tempFolder } from '../support/process.ts'

const PEOPLE = 4
const REST_MS = 20
const ASK_EVERY_MS = 200

test('instances are restarted one after the other, and nobody who asks the balancer loses a request', async () => {
  const database = databaseVariables({ database: await newPostgres() })
  const env = { ...freshSecrets(), ...database, REGISTRATION: 'open', LOG_LEVEL: 'info' }
  const [one, two] = [await freePort(), await freePort()]
  const start = async (port: number) => {
    const server = startServer(tempFolder(), { ...env, PORT: String(port) })
    await server.logged('listening')
    return server
  }
  const servers = new Map<number, Child>([[one, await start(one)]])
  servers.set(two, await start(two))
  const balancer = await startBalancer([one, two])
  await expect.poll(balancer.ready).toBe(2)
  const ended = new AbortController()
  const people = Array.from({ length: PEOPLE }, (_, nth) => useIt(balancer.url, nth, ended.signal))

  for (const [port, server] of servers) {
    server.process.kill('SIGTERM')
    await server.logged('stopping')
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).text()).toBe(
      '{"status":"stopping"}',
    )
    expect(await server.ended).toBe(0)
    await start(port)
    await expect.poll(balancer.ready).toBe(2)
  }
  ended.abort()
  const seen = (await Promise.all(people)).flat()

  expect(seen.filter((status) => status !== 200 && status !== 303)).toEqual([])
  expect(seen.length).toBeGreaterThan(100)
})

/** Reads and writes all the while; gives the status of every answer. */
async function useIt(url: string, nth: number, ended: AbortSignal): Promise<number[]> {
  const browser = new Browser(url)
  await browser.register({ email: `person${nth}@example.ru` })
  const form = await browser.get('/account')
  const seen: number[] = []
  while (!ended.aborted) {
    seen.push((await browser.get('/connections')).status)
    seen.push((await browser.submit(form, '/account', { name: String(seen.length) })).status)
    await pause(REST_MS)
  }
  return seen
}

/**
 * A balancer in front of instances, by their ports: each in turn that answers /readyz with 200, over kept connections.
 * Nothing is tried twice: what an instance drops is lost, and the answer is 502.
 */
async function startBalancer(ports: readonly number[]) {
  const agent = new Agent({ keepAlive: true })
  let ready: number[] = []
  let turn = 0
  const look = async () => {
    const seen = await Promise.all(ports.map(isReady))
    ready = ports.filter((_, at) => seen[at])
  }
  const server = createServer((req, res) => {
    const port = ready[(turn += 1) % ready.length]
    if (port === undefined) res.writeHead(502).end('nobody is ready')
    else pass(agent, port, req, res)
  })
  await look()
  const timer = setInterval(() => void look(), ASK_EVERY_MS)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    clearInterval(timer)
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, ready: () => ready.length }
}

function pass(agent: Agent, port: number, req: IncomingMessage, res: ServerResponse) {
  const { method, url, headers } = req
  const there = request({ agent, host: '127.0.0.1', port, method, path: url, headers })
  there.on('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(res)
  })
  there.on('error', (error) => {
    if (!res.headersSent) res.writeHead(502)
    res.end(String(error))
  })
  req.pipe(there)
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } }).then(
    async (answer) => (await answer.text(), answer.ok),
    () => false,
  )
