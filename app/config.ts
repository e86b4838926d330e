import ipaddr from 'ipaddr.js'
import { validate as validCron } from 'node-cron'
import { z } from 'zod'
import { ConfigError } from './errors.ts'
import type { LogLevel } from './log.ts'
import { sessionSecrets, splitList, tokenKeys } from './secrets.ts'
import type { VaultKey } from './vault.ts'

/** Variables as the process has them. An empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a platform expects of its variables, named without their prefix (`CLIENT_ID`, not `VK_CLIENT_ID`). */
export interface PlatformSettings {
  key: string
  settings: z.ZodType
}

export interface Config {
  production: boolean
  deployEnv: 'development' | 'staging' | 'production'
  /** Origin only, without a trailing slash: `https://shop.example.ru`. */
  baseUrl: string
  secure: boolean
  host: string
  port: number
  trustProxy: number | string[] | undefined
  database: DatabaseConfig
  sessionSecrets: string[]
  tokenKeys: [VaultKey, ...VaultKey[]]
  registration: 'open' | 'first' | 'closed'
  timeZone: string
  healthCheckCron: string
  smtp: { url: string; from: string } | undefined
  /** Whoever shows it reads /metrics; undefined: there is no such page. */
  metricsToken: string | undefined
  logLevel: LogLevel
  /** Exact `host:port` the address guard lets through: OUTBOUND_ALLOW and every endpoint the environment names. */
  allowedHosts: string[]
  /** OUTBOUND_ALLOW alone: what is let through of addresses that people type. */
  typedHosts: string[]
  /** Variables of each platform by key, unprefixed; the platform's own schema has accepted them. */
  platforms: Record<string, Record<string, string>>
  /** Platforms whose redirect URI cannot work, by key, and why: words for administrators. */
  misdirected: Record<string, string>
}

export type DatabaseConfig =
  { client: 'sqlite'; file: string } | { client: 'postgres'; url: string }

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

  const parsed = variables(production).safeParse(env)
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
    host: data.HOST,
    port: data.PORT,
    trustProxy: data.TRUST_PROXY,
    database: databaseOf(env),
    sessionSecrets: data.SESSION_SECRET,
    tokenKeys: data.TOKEN_KEYS,
    registration: data.REGISTRATION,
    timeZone: data.TIME_ZONE,
    healthCheckCron: data.HEALTH_CHECK_CRON,
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

/** `DATABASE_URL` names PostgreSQL; without it the data is a SQLite file. */
export function databaseOf(environment: Environment): DatabaseConfig {
  const { DATABASE_URL: url, DATABASE_FILE: file = 'db/evosync.sqlite' } = withoutEmpty(environment)
  return url ? { client: 'postgres', url } : { client: 'sqlite', file }
}

/** The person at the same machine needs no TLS. */
function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

const variables = (production: boolean) =>
  z.object({
    DEPLOY_ENV: oneOf('development', 'staging', 'production').optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: z
      .string()
      .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'нужно число до 65535')
      .transform(Number)
      .default(3000),
    TRUST_PROXY: z
      .string()
      .refine(isProxies, 'нужно число прокси (1) или список их адресов')
      .transform((text) => (/^\d+$/.test(text) ? Number(text) : splitList(text)))
      .optional(),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'нужен адрес вида postgres://…')
      .optional(),
    SESSION_SECRET: sessionSecrets(production),
    TOKEN_KEYS: tokenKeys(production),
    REGISTRATION: oneOf('open', 'first', 'closed').default('first'),
    TIME_ZONE: z
      .string()
      .refine(isTimeZone, 'нет такого часового пояса, пример: Europe/Moscow')
      .default('Europe/Moscow'),
    HEALTH_CHECK_CRON: z
      .string()
      .refine(isCron, 'нужно расписание cron из 5 или 6 полей')
      .default('*/5 * * * *'),
    SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\//, 'нужен адрес вида smtp://…')
      .optional(),
    MAIL_FROM: z.string().optional(),
    METRICS_TOKEN: z.string().optional(),
    LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error', 'silent').default('info'),
    OUTBOUND_ALLOW: z
      .string()
      .regex(/^[^\s/,:]+:\d+( *, *[^\s/,:]+:\d+)*$/, 'нужен список вида хост:порт')
      .transform(splitList)
      .default([]),
  })

/** A choice of words, refused in Russian. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, `подходит одно из: ${words.join(', ')}`)

/** A number of hops, or what Express takes for addresses: IPs, networks and their three names. */
function isProxies(text: string): boolean {
  if (/^\d+$/.test(text)) return true
  const parts = splitList(text)
  return parts.length > 0 && parts.every((part) => NETWORKS.includes(part) || isNetwork(part))
}

const NETWORKS = ['loopback', 'linklocal', 'uniquelocal']
const isNetwork = (text: string) =>
  text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text)

function explain(error: z.ZodError, prefix = ''): string[] {
  return error.issues.map(({ path, message }) => `${prefix}${String(path[0] ?? '')}: ${message}`)
}

function readPlatforms(
  env: Record<string, string>,
  platforms: readonly PlatformSettings[],
  problems: string[],
): Config['platforms'] {
  const read = platforms.map(({ key, settings }) => {
    const prefix = `${key.toUpperCase()}_`
    const own = unprefixed(env, prefix)
    const checked = settings.safeParse(own)
    if (!checked.success) problems.push(...explain(checked.error, prefix))
    return [key, own] as const
  })
  return Object.fromEntries(read)
}

function unprefixed(env: Record<string, string>, prefix: string) {
  const named = Object.entries(env).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** Undefined when nobody can tell what BASE_URL means. */
function readOrigin(
  env: Record<string, string>,
  production: boolean,
  problems: string[],
): URL | undefined {
  const text = env.BASE_URL
  if (!text) {
    const here = new URL('http://localhost')
    here.port = env.PORT ?? '3000'
    return here
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    problems.push('BASE_URL: нужен адрес без пути, пример: https://evosync.example.ru')
    return undefined
  }
  if (production && url.protocol === 'http:' && !isLoopback(url)) {
    problems.push('BASE_URL: на боевом сервере нужен https://, иначе пароли идут по сети открыто')
  }
  return url
}

/**
 * RFC 6749 §3.1.2: a redirect URI is absolute and ours; BASE_URL is the one origin it may have. One that is wrong costs
 * its platform, not the others. In production it has to be an address people can come back to.
 */
function misdirected(own: Config['platforms'], origin: URL, production: boolean) {
  const problems = Object.entries(own).map(([key, { REDIRECT_URI: text }]) => {
    const elsewhere = text && !(URL.canParse(text) && new URL(text).origin === origin.origin)
    if (elsewhere) {
      const name = `${key.toUpperCase()}_REDIRECT_URI`
      return [
        key,
        `${name} должен начинаться с ${origin.origin}: адрес возврата бывает только на самом EvoSync.`,
      ]
    }
    return [key, production && isLoopback(origin) ? LOCAL_IN_PRODUCTION : '']
  })
  return Object.fromEntries(problems.filter(([, problem]) => problem)) as Config['misdirected']
}

const LOCAL_IN_PRODUCTION =
  'DEPLOY_ENV говорит о боевом сервере, а BASE_URL ведёт на эту же машину: вернуться с чужого сайта туда не получится. Задайте BASE_URL с настоящим адресом или DEPLOY_ENV=development.'

function configuredHosts(own: Config['platforms']): string[] {
  return Object.values(own)
    .flatMap((settings) => Object.entries(settings))
    .filter(([name, value]) => name.endsWith('_URL') && URL.canParse(value))
    .map(([, value]) => hostAndPort(new URL(value)))
}

/** `host:port` with the scheme's own port written out. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('ru-RU', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const isCron = (text: string) => /^\S+( \S+){4,5}$/.test(text) && validCron(text)

function withoutEmpty(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value?.trim() ? [[name, value.trim()] as const] : [],
  )
  return Object.fromEntries(entries)
}
