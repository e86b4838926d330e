import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Pool, request } from 'undici'
import { Browser } from '../../tests/support/browser.ts'
import { freePort, startChild } from './children.ts'

/**
 * Server CPU of the dashboard, signed in, sessions durable, against a bare Express and EJS page of the same size, side
 * by side in one run; then the time from `npm start` to the first answer. `npm run bench:pages`.
 * Promises: at most 3.3 times the bare page; an answer within a second.
 */
const ROUNDS = 5
const REQUESTS = 3_000
const AT_ONCE = 32
const LARGEST_RATIO = 3.3
const LONGEST_START_MS = 1_000

interface Contender {
  name: string
  child: ChildProcess
  origin: string
  path: string
  headers: Record<string, string>
  /** CPU microseconds a request, a round each. */
  costs: number[]
}

const dashboard = await startDashboard()
const size = await bytesOf(dashboard)
const bare = await startBare(size)
console.log(
  `pages of ${size} and ${await bytesOf(bare)} bytes, ${AT_ONCE} connections, ${REQUESTS} requests a round`,
)

for (const contender of [bare, dashboard]) await round(contender) // warm up
for (let number = 1; number <= ROUNDS; number += 1) {
  for (const contender of [bare, dashboard]) contender.costs.push(await round(contender))
}
for (const { name, costs } of [bare, dashboard]) {
  console.log(`${name}: CPU ${minimum(costs)} µs a request at least, ${median(costs)} median`)
}
const ratio = median(dashboard.costs) / median(bare.costs)
console.log(`ratio of medians ${ratio.toFixed(2)}: ${ratio <= LARGEST_RATIO ? 'kept' : 'BROKEN'}`)
for (const { child } of [bare, dashboard]) child.kill()

const starts = []
for (let number = 0; number < ROUNDS; number += 1) starts.push(await timeStart())
const start = median(starts)
console.log(
  `start to first answer ${start} ms median of ${starts.join(', ')}: ${start <= LONGEST_START_MS ? 'kept' : 'BROKEN'}`,
)
process.exit(ratio <= LARGEST_RATIO && start <= LONGEST_START_MS ? 0 : 1)

async function startDashboard(): Promise<Contender> {
  const { child, said } = await startChild('app-server')
  const { port, person } = said as { port: number; person: { email: string; password: string } }
  const origin = `http://127.0.0.1:${port}`
  const browser = new Browser(origin)
  await browser.signIn(person)
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    name: '/connections',
    child,
    origin,
    path: '/connections',
    headers: { cookie },
    costs: [],
  }
}

async function startBare(bytes: number): Promise<Contender> {
  const { child, said } = await startChild('bare-server', [String(bytes)])
  return {
    name: 'bare page',
    child,
    origin: `http://127.0.0.1:${Number(said)}`,
    path: '/',
    headers: {},
    costs: [],
  }
}

async function bytesOf({ origin, path: at, headers }: Contender): Promise<number> {
  const { statusCode, body } = await request(origin + at, { headers })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${at} answers ${statusCode}`)
  return Buffer.byteLength(text)
}

/** Sends the requests and asks the server what they cost it. */
async function round({ child, origin, path: at, headers }: Contender): Promise<number> {
  const pool = new Pool(origin, { connections: AT_ONCE })
  const before = await cpuOf(child)
  let left = REQUESTS
  const work = async () => {
    while (left-- > 0) await (await pool.request({ method: 'GET', path: at, headers })).body.dump()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const after = await cpuOf(child)
  await pool.close()
  return Math.round((after - before) / REQUESTS)
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage]
  return user + system
}

/** A fresh folder each time: secrets, database and migrations are made on the way. */
async function timeStart(): Promise<number> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'evosync-start-'))
  const root = path.join(import.meta.dirname, '../..')
  const port = await freePort()
  const args = [
    '--import',
    path.join(root, 'node_modules/tsx/dist/esm/index.mjs'),
    path.join(root, 'app/server.ts'),
  ]
  const begun = performance.now()
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, PORT: String(port) },
  })
  while (!(await answers(port))) await new Promise((wake) => setTimeout(wake, 5))
  const ms = Math.round(performance.now() - begun)
  child.kill('SIGKILL')
  await once(child, 'close')
  rmSync(cwd, { recursive: true, force: true })
  return ms
}

async function answers(port: number): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/login`)
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b)
}

function minimum(numbers: readonly number[]): number {
  return sorted(numbers)[0] ?? NaN
}

function median(numbers: readonly number[]): number {
  return sorted(numbers)[Math.floor(numbers.length / 2)] ?? NaN
}
