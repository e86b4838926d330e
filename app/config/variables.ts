import ipaddr from 'ipaddr.js'
import { validate as validCron } from 'node-cron'
import * as z from 'zod'
import { mailbox } from '../texts/emails.ts'
import { poolVariables } from './pool.ts'
import { sessionSecrets, splitList, tokenKeys } from './secrets.ts'

/** EvoSync's own variables as they are written, what each has to look like and what it is when it is left out. */
export const variables = (production: boolean) =>
  z.object({
    DEPLOY_ENV: oneOf('development', 'staging', 'production').optional(),
    ROLE: oneOf('all', 'web', 'worker').default('all'),
    STOP_GRACE_SECONDS: z
      .string()
      .refine(
        (text) => /^\d{1,2}$/.test(text) && Number(text) <= 60,
        'нужно число секунд до 60, пример: 2',
      )
      .transform(Number)
      .default(2),
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
    DATABASE_URL: databaseUrl.optional(),
    DATABASE_PREPARE: oneOf('on', 'off').default('on'),
    DATABASE_WAIT_SECONDS: z
      .string()
      .regex(/^\d{1,5}$/, 'нужно число секунд, пример: 60')
      .transform(Number)
      .default(60),
    ...poolVariables,
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
    SYNC_CRON: z
      .string()
      .refine(isCron, 'нужно расписание cron из 5 или 6 полей')
      .default('* * * * * *'),
    BACKUP_CRON: z.string().refine(isCron, 'нужно расписание cron из 5 или 6 полей').optional(),
    BACKUP_KEEP: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, 'нужно число копий от 1 до 9999, пример: 14')
      .transform(Number)
      .default(14),
    SMTP_URL: z
      .string()
      .refine(isMailServer, 'нужен адрес вида smtp://имя:пароль@сервер:587')
      .optional(),
    MAIL_FROM: z
      .string()
      .refine(
        (text) => mailbox(text) !== undefined,
        'нужен адрес, можно с именем, пример: EvoSync <evosync@example.ru>',
      )
      .optional(),
    METRICS_TOKEN: z.string().optional(),
    LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error', 'silent').default('info'),
    OUTBOUND_ALLOW: z
      .string()
      .regex(/^[^\s/,:]+:\d+( *, *[^\s/,:]+:\d+)*$/, 'нужен список вида хост:порт')
      .transform(splitList)
      .default([]),
  })

/** Where PostgreSQL is. */
export const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'нужен адрес вида postgres://…')
  .refine(
    (text) => URL.canParse(text),
    'адрес не читается. Вид: postgres://имя:пароль@сервер:5432/база; знаки @ : / % в пароле пишутся как %40 %3A %2F %25',
  )

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

/** With a host, and with signs of a name or password written so that the library can read them. */
function isMailServer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false
  try {
    decodeURIComponent(url.username + url.password)
    return true
  } catch {
    return false
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('ru-RU', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const isCron = (text: string) => /^\S+( \S+){4,5}$/.test(text) && validCron(text)
