import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../../app/root.ts'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { driverPackage } from '../../../app/store/sqlite-driver.ts'
import { Browser } from '../../../tests/support/browser.ts'
import { freePort } from '../children.ts'
import { type ServerProcess, startServer } from './server-process.ts'

/** One of those that are compared, with people signed in to it. */
export interface Contender {
  name: string
  server: ServerProcess
  /** Where connecting begins, and the one page a person lands on. */
  begin: string
  people: Browser[]
}

/** The platform everybody connects to, and what it calls its addresses. */
export interface Platform {
  variables: Record<string, string>
  redirectUris: string[]
}

const PEERS = path.join(ROOT, 'scripts/bench/peers')
const SECRETS = freshSecrets()
const PASSWORD = 'buket-utro-2490'

/** What `npm start` runs, without npm itself. */
export function startCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string }
  }
  return ['/bin/sh', '-c', scripts.start]
}

/** EvoSync as `npm start` starts it, on SQLite in `folder`; an attempt to connect is allowed from every tab of everybody. */
export async function startEvoSync(
  folder: string,
  { variables, redirectUris }: Platform,
  people: number,
): Promise<Contender> {
  mkdirSync(folder, { recursive: true })
  const env = await evoSyncEnvironment(folder, variables)
  const port = Number(env.PORT)
  for (const key of ['vk', 'evotor']) redirectUris.push(`http://localhost:${port}/${key}/callback`)
  const server = await startServer(startCommand(), { cwd: ROOT, env, port, firstPath: '/login' })
  const browsers = Array.from({ length: people }, (_, number) => personAt(port, number))
  for (const [number, browser] of browsers.entries())
    await browser.register({ email: `person${number}@example.ru`, password: PASSWORD })
  return { name: 'EvoSync', server, begin: '/vk/connect', people: browsers }
}

/** Variables of an EvoSync of its own; whoever starts it twice in one folder starts it on the same database. */
export async function evoSyncEnvironment(
  folder: string,
  variables: Record<string, string>,
): Promise<Record<string, string>> {
  const port = await freePort()
  return {
    ...SECRETS,
    ...variables,
    PORT: String(port),
    BASE_URL: `http://localhost:${port}`,
    DATABASE_FILE: path.join(folder, 'evosync.sqlite'),
    REGISTRATION: 'open',
    TRUST_PROXY: '1',
    LOG_LEVEL: 'info',
  }
}

/** Each has an address of their own, as visitors have. */
function personAt(port: number, number: number): Browser {
  const browser = new Browser(`http://localhost:${port}`)
  browser.headers = { 'x-forwarded-for': `198.51.${number >> 8}.${number & 255}` }
  return browser
}

/** A peer with durable sessions: `synchronous` FULL syncs each commit to the disk, as EvoSync does. */
export async function startPeer(
  kind: string,
  synchronous: 'FULL' | 'NORMAL',
  folder: string,
  { variables, redirectUris }: Platform,
  people: number,
): Promise<Contender> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  redirectUris.push(`${origin}/connect/vk/callback`)
  const file = path.join(folder, `${kind}-${synchronous}.sqlite`)
  rmSync(file, { force: true })
  const env = {
    NODE_ENV: 'production',
    PORT: String(port),
    ORIGIN: origin,
    SQLITE: driverPackage(process.versions.node),
    CLIENT_ID: variables.VK_CLIENT_ID ?? '',
    CLIENT_SECRET: variables.VK_CLIENT_SECRET ?? '',
    AUTHORIZE_URL: variables.VK_AUTHORIZE_URL ?? '',
    TOKEN_URL: variables.VK_TOKEN_URL ?? '',
    API_URL: variables.VK_API_URL ?? '',
  }
  const command = [process.execPath, 'server.js', kind, synchronous, file]
  const server = await startServer(command, { cwd: PEERS, env, port, firstPath: '/landing' })
  const browsers = Array.from({ length: people }, () => new Browser(origin))
  for (const browser of browsers) await browser.get('/in')
  return { name: `${kind} ${synchronous}`, server, begin: '/connect/vk', people: browsers }
}

/** Express and EJS and nothing else: a page of `bytes`. */
export async function startBare(bytes: number): Promise<ServerProcess> {
  const port = await freePort()
  const command = [process.execPath, 'bare.js', String(bytes)]
  const env = { NODE_ENV: 'production', PORT: String(port) }
  return await startServer(command, { cwd: PEERS, env, port, firstPath: '/' })
}
