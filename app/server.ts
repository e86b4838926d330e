import { statSync } from 'node:fs'
import { type Config, isProduction, loadConfig } from './config/index.ts'
import type { Environment } from './config/environment.ts'
import { type Context, createContext } from './context.ts'
import { appendToEnvFile, loadEnvFile } from './config/env-file.ts'
import { ConfigError } from './errors.ts'
import { platforms } from './providers/index.ts'
import { freshSecrets } from './config/secrets.ts'
import { type Running, serve } from './serve.ts'

const DRAIN_MS = 10_000
/** A supervisor and the npm between us may both pass on the same signal. */
const SAME_SIGNAL_MS = 500

void start()

async function start() {
  const begun = performance.now()
  const giveUp = new AbortController()
  try {
    loadEnvFile()
    const config = loadConfig(withSecrets(process.env), platforms)
    const ctx = createContext(config)
    watchForBugs(ctx)
    const starting = serve(ctx, giveUp.signal)
    stopOnSignal(ctx, starting, giveUp)
    announce(ctx, await starting, begun)
  } catch (error) {
    if (!giveUp.signal.aborted) refuse(error)
  }
}

/** Outside production a bare checkout runs at once: missing secrets are made and kept in .env. */
function withSecrets(env: Environment): Environment {
  const missing = Object.entries(freshSecrets()).filter(([name]) => !env[name]?.trim())
  if (isProduction(env) || missing.length === 0) return env
  const lines = missing.map(([name, value]) => `${name}=${value}\n`).join('')
  appendToEnvFile(
    `\n# Сделано при первом запуске. Сохраните копию: без TOKEN_KEYS доступы не прочитать.\n${lines}`,
  )
  process.stdout.write(
    `Новые секреты записаны в .env: ${missing.map(([name]) => name).join(', ')}\n`,
  )
  return { ...env, ...Object.fromEntries(missing) }
}

function announce({ config, log }: Context, { port }: Running, begun: number) {
  warn(config)
  log.info('listening', {
    url: config.baseUrl,
    host: config.host,
    port,
    database: config.database.client,
    ms: Math.round(performance.now() - begun),
  })
}

/** What works, but should not stay so. */
function warn({ production, secure, trustProxy }: Config) {
  const warnings = [
    production && !secure && 'BASE_URL без https. Так можно только на этой же машине.',
    secure &&
      trustProxy === undefined &&
      'TRUST_PROXY не задан: за прокси у всех посетителей один адрес и общие ограничения.',
    isReadByOthers('.env') && '.env могут читать другие пользователи машины: chmod 600 .env',
  ]
  for (const warning of warnings) {
    if (warning) process.stderr.write(`Внимание: ${warning}\n`)
  }
}

function isReadByOthers(file: string): boolean {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0
  return (mode & 0o077) !== 0
}

/**
 * The first signal drains, or ends the waiting for a database; a second one, or ten seconds beyond the grace, ends
 * everything. Whoever presses Ctrl-C has no balancer to warn.
 */
function stopOnSignal(
  { log, config }: Context,
  starting: Promise<Running>,
  giveUp: AbortController,
) {
  let stoppingSince: number | undefined
  const stop = (signal: string) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    const graceMs = signal === 'SIGINT' ? 0 : config.stopGraceMs
    log.info('stopping', { signal, graceMs })
    setTimeout(() => {
      log.warn('stopped_by_force')
      process.exit(1)
    }, graceMs + DRAIN_MS).unref()
    giveUp.abort()
    void starting.then((running) => running.stop(graceMs)).then(end, end)
  }
  const end = () => {
    log.info('stopped')
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** Nobody caught it, so nobody knows what state we are in: say so and let the supervisor start us anew. */
function watchForBugs({ log }: Context) {
  const die = (event: string) => (error: unknown) => {
    log.error(event, { error })
    process.exit(1)
  }
  process.on('uncaughtException', die('uncaught_exception'))
  process.on('unhandledRejection', die('unhandled_rejection'))
}

function refuse(error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`EvoSync не запущен. Исправьте настройки (.env или окружение):\n`)
    for (const problem of error.problems) process.stderr.write(`  - ${problem}\n`)
  } else {
    process.stderr.write(
      `EvoSync не запущен из-за ошибки, которой мы не ждали. Покажите разработчикам:\n${explain(error)}\n`,
    )
  }
  process.exit(1)
}

const explain = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : 'неизвестная ошибка'
