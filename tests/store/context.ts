import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type Config, loadConfig } from '../../app/config/index.ts'
import { type Context, createContext } from '../../app/context.ts'
import { createLog } from '../../app/observe/log.ts'
import type { Tokens } from '../../app/oauth/tokens.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import type { Connection } from '../../app/store/connection.ts'
import type { User } from '../../app/store/users.ts'
import { CHEAP } from '../support/app.ts'
import { type Engine, freshDatabase } from '../support/databases.ts'

/** Everything below the pages, on a migrated, empty database of this test's own. */
export async function openContext(engine: Engine): Promise<Context> {
  const config = loadConfig(freshSecrets(), platforms)
  return openWith({ ...config, database: await freshDatabase(engine) })
}

/** Another instance on the same database, with the same keys. */
export function openBeside({ config }: Context): Context {
  return openWith(config)
}

/** An error line in the log is a failure, unless the test breaks something on purpose and is `tolerant`. */
export function openWith(config: Config, { tolerant = false } = {}): Context {
  const errors: string[] = []
  const log = createLog('error', { write: (line: string) => void errors.push(line) })
  const http = { sleep: (ms: number) => pause(ms / 100) }
  const ctx = createContext(config, { log, http, passwordCost: CHEAP })
  onTestFinished(async () => {
    await ctx.close()
    if (!tolerant) expect(errors).toEqual([])
  })
  return ctx
}

export async function addPerson({ users }: Context, name = 'marina'): Promise<User> {
  const user = await users.add({ email: `${name}@example.ru`, name, passwordHash: null })
  if (!user) throw new Error(`${name} is there already`)
  return user
}

/** Canaries: texts to look for where they must not be. */
export const ACCESS = 'access-canary-5f0c1d'
export const REFRESH = 'refresh-canary-9a7b2e'

/** What a platform grants for an hour. */
export const granted = (changes: Partial<Tokens> = {}): Tokens => ({
  accessToken: ACCESS,
  refreshToken: REFRESH,
  expiresAt: fromNow(HOUR_MS),
  scope: ['market', 'groups'],
  carried: { device_id: 'device-1' },
  ...changes,
})

/** Stores a connection as the callback does. */
export async function connect(
  { connections }: Context,
  userId: number,
  { provider = 'vk', tokens = granted() } = {},
): Promise<Connection> {
  const account = { id: '21450987', name: 'Марина Ковалёва', profile: { first_name: 'Марина' } }
  return await connections.save({ userId, provider, account, tokens })
}

/** A person who is connected. */
export async function addConnected(ctx: Context, name?: string): Promise<Connection> {
  return await connect(ctx, (await addPerson(ctx, name)).id)
}

export const HOUR_MS = 3600_000
export const DAY_MS = 24 * HOUR_MS
export const fromNow = (ms: number) => new Date(Date.now() + ms)
export const ago = (ms: number) => fromNow(-ms)

/** So many callers at the same time. */
export const atOnce = <T>(times: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => call(index)))
