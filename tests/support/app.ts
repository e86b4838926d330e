import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type Config, loadConfig } from '../../app/config/index.ts'
import type { Environment } from '../../app/config/environment.ts'
import { type Context, createContext } from '../../app/context.ts'
import type { HttpOptions } from '../../app/http/http-options.ts'
import { createLog } from '../../app/observe/log.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { serve } from '../../app/serve.ts'
import type { Evotor } from '../simulators/evotor.ts'
import type { PlatformSimulator } from '../simulators/simulator.ts'
import type { Vk } from '../simulators/vk.ts'
import { Browser } from './browser.ts'
import { type Engine, freshDatabase } from './databases.ts'
import { freePort } from './postgres.ts'

/** One line of the log. */
export type Line = Record<string, unknown> & { level: string; event: string }

export interface TestApp {
  url: string
  ctx: Context
  lines: Line[]
  /** Lines of this event so far. */
  logged(event: string): Line[]
  /** This test breaks something on purpose: error lines are no failure. */
  expectErrors(): void
  /** A browser of its own, with nothing in it. */
  newBrowser(): Browser
}

export interface Options {
  engine?: Engine
  vk?: Vk
  evotor?: Evotor
  /** Platforms that are there, whichever. */
  simulators?: readonly PlatformSimulator[]
  env?: Environment
  http?: Partial<HttpOptions>
  quietMs?: number
  /** Another instance on the same database. */
  beside?: TestApp
}

/** Hashing at full cost would be a tenth of what most tests do; what it costs in earnest is seen elsewhere. */
export const CHEAP = { memoryCost: 64, timeCost: 1 }

/** Not before tomorrow is over: tests that want a tick call it. A date far away is looked for day by day. */
const NEVER = `0 0 * * ${(new Date().getDay() + 2) % 7}`

/** Environment of a test instance: its own database and port, platforms where the simulators are. */
export async function testConfig({
  engine = 'sqlite',
  vk,
  evotor,
  simulators = [],
  env = {},
  beside,
}: Options): Promise<Config> {
  const port = await freePort()
  const BASE_URL = `http://localhost:${port}`
  const platformsThere = [vk, evotor, ...simulators].filter((one) => one !== undefined)
  for (const { key, redirectUris } of platformsThere)
    redirectUris.push(`${BASE_URL}/${key}/callback`)
  const settings = {
    ...freshSecrets(),
    BASE_URL,
    PORT: String(port),
    HEALTH_CHECK_CRON: NEVER,
    SYNC_CRON: NEVER,
    REGISTRATION: 'open',
    LOG_LEVEL: 'debug',
    ...Object.fromEntries(platformsThere.flatMap((one) => Object.entries(one.variables()))),
    ...env,
  }
  const config = loadConfig(settings, platforms)
  if (!beside) return { ...config, database: await freshDatabase(engine) }
  const { database, tokenKeys, sessionSecrets } = beside.ctx.config
  return { ...config, database, tokenKeys, sessionSecrets }
}

/** For platforms that do not answer; a busy machine may take longer than that to answer well. */
export const IMPATIENT = { timeoutMs: 1_500 }

/** The real application on a real port; waits between retries are a hundredth of the real ones, limits are the real
 *  ones: where no answer comes, {@link IMPATIENT}. */
export async function startApp(options: Options = {}): Promise<TestApp> {
  const config = await testConfig(options)
  const lines: Line[] = []
  const log = createLog('debug', {
    write: (line: string) => void lines.push(JSON.parse(line) as Line),
  })
  const http = { sleep: (ms: number) => pause(ms / 100), ...options.http }
  const { quietMs = 0 } = options
  const ctx = createContext(config, { log, http, quietMs, passwordCost: CHEAP })
  const running = await serve(ctx)
  let tolerant = false
  onTestFinished(async () => {
    await running.stop()
    if (!tolerant) expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })
  return {
    url: config.baseUrl,
    ctx,
    lines,
    logged: (event) => lines.filter((line) => line.event === event),
    expectErrors: () => {
      tolerant = true
    },
    newBrowser: () => new Browser(config.baseUrl),
  }
}
