import { ConfigError } from '../errors.ts'
import type { LogLevel } from '../observe/log.ts'
import {
  explain,
  ONCE,
  type PlatformSettings,
  type PlatformVariables,
  readPlatforms,
} from './platforms.ts'
import { configuredHosts, misdirected } from './platform-hosts.ts'
import { variables } from './variables.ts'
import type { VaultKey } from '../crypto/vault.ts'
import { readOrigin } from './origin.ts'
import { type DatabaseConfig, databaseOf } from './database.ts'
import { type Environment, forCommands, withoutEmpty } from './environment.ts'

/** What an instance does: pages and API (`web`), what happens by itself (`worker`), or both. */
export type InstanceRole = 'all' | 'web' | 'worker'

export interface Config {
  production: boolean
  deployEnv: 'development' | 'staging' | 'production'
  /** Origin only, without a trailing slash: `https://shop.example.ru`. */
  baseUrl: string
  secure: boolean
  role: InstanceRole
  /** So long after a signal to stop requests are still taken, while /readyz is red already; milliseconds. */
  stopGraceMs: number
  host: string
  port: number
  trustProxy: number | string[] | undefined
  database: DatabaseConfig
  /** How long a start waits for a database that does not answer yet, milliseconds. */
  databaseWaitMs: number
  sessionSecrets: string[]
  tokenKeys: [VaultKey, ...VaultKey[]]
  registration: 'open' | 'first' | 'closed'
  timeZone: string
  healthCheckCron: string
  /** How often it is asked which catalogues are due. */
  syncCron: string
  /** When a copy of the database is made by itself; undefined: never. */
  backupCron: string | undefined
  /** So many of those copies are kept. */
  backupKeep: number
  /** What commands such as pg_dump are given of our environment. */
  commandEnvironment: Readonly<Record<string, string>>
  smtp: { url: string; from: string } | undefined
  /** Whoever shows it reads /metrics; undefined: there is no such page. */
  metricsToken: string | undefined
  logLevel: LogLevel
  /** Exact `host:port` the address guard lets through: OUTBOUND_ALLOW and every endpoint the environment names. */
  allowedHosts: string[]
  /** OUTBOUND_ALLOW alone: what is let through of addresses that people type. */
  typedHosts: string[]
  /** The platforms' own schemas have accepted them. */
  platforms: PlatformVariables
  /** Platforms whose redirect URI cannot work, by key, and why: words for administrators. */
  misdirected: Record<string, string>
}

/**
 * Reads the environment.
 * @throws ConfigError with every problem at once, in Russian, each with its variable and the remedy.
 */
export function loadConfig(
  environment: Environment,
  platforms: readonly PlatformSettings[],
): Config {
  const env = withoutEmpty(environment)
  const production = isProduction(env)
  const problems: string[] = []

  const parsed = variables(production).safeParse(env, ONCE)
  if (!parsed.success) problems.push(...explain(parsed.error))
  const own = readPlatforms(env, platforms, problems)
  const origin = readOrigin(env, production, problems)
  if (!parsed.success || !origin || problems.length > 0) throw new ConfigError(problems)

  const { data } = parsed
  return {
    production,
    deployEnv: data.DEPLOY_ENV ?? (production ? 'production' : 'development'),
    baseUrl: origin.origin,
    secure: origin.protocol === 'https:',
    role: data.ROLE,
    stopGraceMs: data.STOP_GRACE_SECONDS * 1000,
    host: data.HOST,
    port: data.PORT,
    trustProxy: data.TRUST_PROXY,
    database: databaseOf(env),
    databaseWaitMs: data.DATABASE_WAIT_SECONDS * 1000,
    sessionSecrets: data.SESSION_SECRET,
    tokenKeys: data.TOKEN_KEYS,
    registration: data.REGISTRATION,
    timeZone: data.TIME_ZONE,
    healthCheckCron: data.HEALTH_CHECK_CRON,
    syncCron: data.SYNC_CRON,
    backupCron: data.BACKUP_CRON,
    backupKeep: data.BACKUP_KEEP,
    commandEnvironment: forCommands(env),
    smtp: data.SMTP_URL
      ? { url: data.SMTP_URL, from: data.MAIL_FROM ?? `EvoSync <no-reply@${origin.hostname}>` }
      : undefined,
    metricsToken: data.METRICS_TOKEN,
    logLevel: data.LOG_LEVEL,
    allowedHosts: [...data.OUTBOUND_ALLOW, ...configuredHosts(own)],
    typedHosts: data.OUTBOUND_ALLOW,
    platforms: own,
    misdirected: misdirected(own, origin, production),
  }
}

/** `DEPLOY_ENV` says it, or `NODE_ENV` where that is silent. */
export function isProduction(environment: Environment): boolean {
  const { DEPLOY_ENV, NODE_ENV } = withoutEmpty(environment)
  return (DEPLOY_ENV ?? NODE_ENV) === 'production'
}
