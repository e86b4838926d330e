import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { startEvotor } from '../../simulators/evotor.ts'
import { startVk } from '../../simulators/vk.ts'
import { Browser, csrfOf } from '../browser.ts'
import { freePort } from '../postgres.ts'

const ROOT = path.join(import.meta.dirname, '../../..')
/** What `npm start` does; the shell becomes the server. */
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { start: string }
}
const PAGES_A_MB = 256
/** Of Linux, as it is nearly everywhere. */
const TICKS_A_SECOND = 100
const LOOK_EVERY_MS = 50

/** Somebody who has signed in and connected both platforms. */
export interface Sender {
  origin: string
  cookie: string
  token: string
}

/** EvoSync in a process of its own, on SQLite, and people who may send photos. Looks into `/proc`: Linux alone. */
export async function openUploadScene(people: number) {
  const [evotor, vk, port] = await Promise.all([startEvotor(), startVk(), freePort()])
  const origin = `http://localhost:${port}`
  for (const { key, redirectUris } of [evotor, vk]) redirectUris.push(`${origin}/${key}/callback`)
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-uploads-'))
  const settings = {
    PORT: String(port),
    DATABASE_FILE: path.join(folder, 'uploads.sqlite'),
    REGISTRATION: 'open',
    LOG_LEVEL: 'warn',
  }
  const platforms = { ...evotor.variables(), ...vk.variables() }
  const server = spawn('sh', ['-c', scripts.start], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...freshSecrets(), ...platforms, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while ((await ready(origin)) !== 200) await pause(50)
  const senders: Sender[] = []
  for (let n = 0; n < people; n += 1) senders.push(await arrive(origin, n))
  const { pid } = server
  if (pid === undefined) throw new Error('it did not start')
  let peak = 0
  const looking = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid))
  }, LOOK_EVERY_MS)

  return {
    origin,
    senders,
    /** Resident memory of it and of what it has started, now and at its highest so far, in megabytes. */
    memory: () => ({ rss: memoryOf(pid), peak }),
    /** Milliseconds of CPU that it and what it has started have used so far. */
    cpu: () => familyOf(pid).reduce((sum, each) => sum + cpuOf(each), 0),
    /** What it has started has used, which is what unpacks pictures. */
    unpacking: () => childrenOf(pid).reduce((sum, each) => sum + cpuOf(each), 0),
    /** Milliseconds its main thread was ready and the machine had no processor for it. */
    waited() {
      const [, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
      return Math.round(Number(waited) / 1e6)
    },
    async close() {
      clearInterval(looking)
      const ended = once(server, 'close')
      server.kill('SIGKILL')
      await Promise.all([ended, evotor.stop(), vk.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Of a process and of what it has started; what has just ended has none. */
function memoryOf(pid: number): number {
  const pages = familyOf(pid).map((each) => Number(told(`/proc/${each}/statm`).split(' ')[1]))
  return pages.reduce((sum, one) => sum + (one || 0), 0) / PAGES_A_MB
}

const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid)]

const childrenOf = (pid: number): number[] =>
  told(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)

function cpuOf(pid: number): number {
  const stat = told(`/proc/${pid}/stat`)
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12)
  return ((Number(user) + Number(system)) * 1000) / TICKS_A_SECOND
}

function told(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

async function ready(origin: string): Promise<number | undefined> {
  const page = await new Browser(origin).get('/readyz').catch(() => undefined)
  return page?.status
}

async function arrive(origin: string, n: number): Promise<Sender> {
  const browser = new Browser(origin)
  await browser.register({ email: `person${n}@example.ru` })
  await browser.connect('evotor')
  await browser.connect('vk')
  const page = await browser.get('/sync/settings')
  if (page.status !== 200) throw new Error(`the form answers ${page.status}`)
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  return { origin, cookie, token: csrfOf(page) }
}

const BOUNDARY = 'photos'
export const FORM = `multipart/form-data; boundary=${BOUNDARY}`

export const field = (name: string, value: string) =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
export const fileHead = (name: string) =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`

/** The settings form with a photo for each of so many groups; the status of the answer, and when to come again. */
export async function sendPhotos(
  { origin, cookie, token }: Sender,
  pictures: readonly Buffer[],
  signal?: AbortSignal,
): Promise<{ status: number; retryAfter: number }> {
  const parts = pictures.flatMap((bytes, n) => [fileHead(`photo[group-${n}]`), bytes, '\r\n'])
  const whole = [field('_csrf', token), field('link', 'new'), ...parts, `--${BOUNDARY}--\r\n`]
  const body = Buffer.concat(whole.map((part) => Buffer.from(part)))
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(`${origin}/sync/settings`, {
    method: 'POST',
    headers: { cookie, 'content-type': FORM },
    body,
    headersTimeout: 0,
    signal: signal ?? null,
  })
  await answer.dump()
  return { status: statusCode, retryAfter: Number(headers['retry-after'] ?? 0) }
}
