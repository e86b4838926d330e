import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { DatabaseConfig } from '../config/database.ts'
import { ConfigError } from '../errors.ts'

export type PostgresConfig = DatabaseConfig & { client: 'postgres' }
type Tool = 'pg_dump' | 'pg_restore' | 'psql'

const CONNECT_SECONDS = '10'
/** Its last words are enough to know why. */
const HEARD = 4_000

/**
 * Runs one of PostgreSQL's own commands on a database. The password goes by the environment: a command line is read by
 * everybody on the machine.
 * @param environment what we have of our own: PATH, HOME, PG…
 * @throws ConfigError in words when it is missing, is of the wrong version, or fails
 */
export async function runTool(
  tool: Tool,
  { url }: PostgresConfig,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { address, password } = splitAddress(url)
  const child = spawn(tool, [...args, `--dbname=${address}`], {
    env: {
      PGCONNECT_TIMEOUT: CONNECT_SECONDS,
      ...environment,
      ...(password && { PGPASSWORD: password }),
      LC_ALL: 'C',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-HEARD)))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new ConfigError([inWords(tool, said, code)])
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError([missing(tool)], { cause })
  }
}

const missing = (tool: Tool) =>
  `${tool} не запускается. Поставьте клиент PostgreSQL той же версии, что у сервера, или новее (Debian и Ubuntu: apt install postgresql-client; Alpine: apk add postgresql-client) и проверьте PATH.`

function inWords(tool: Tool, said: string, code: number | null): string {
  if (said.includes('server version mismatch')) {
    const [server = '', own = ''] = [...said.matchAll(/version:? (\d+)/g)].map(([, n]) => n)
    return `${tool} версии ${own} не работает с сервером версии ${server}. Поставьте postgresql-client-${server} и проверьте, что в PATH он первый.`
  }
  const why = said.trim().split('\n').at(-1) ?? ''
  const ended = code === null ? 'остановлен' : `закончился с кодом ${code}`
  return `${tool} ${ended}: ${why || 'без объяснений'}`
}

/** What libpq takes of what the driver takes; of other settings it would not know the names. */
const KNOWN = /^(host|port|sslmode|sslrootcert|sslcert|sslkey|application_name|options)$/

/** An address for libpq without its password, and the password. */
export function splitAddress(url: string): { address: string; password: string | undefined } {
  const address = new URL(url)
  const password = decodeURIComponent(address.password) || address.searchParams.get('password')
  address.password = ''
  for (const [name, value] of [...address.searchParams]) {
    if (name === 'user' && address.username === '') address.username = value
    if (!KNOWN.test(name)) address.searchParams.delete(name)
    if (name === 'sslmode' && value === 'no-verify') address.searchParams.set(name, 'require')
  }
  return { address: address.href, password: password ?? undefined }
}

/** The same server, another database. */
export function withDatabase(config: PostgresConfig, name: string): PostgresConfig {
  const url = new URL(config.url)
  url.pathname = name
  return { ...config, url: url.href }
}
