import { pino, type DestinationStream } from 'pino'
import { asking } from './request.ts'

/** What may be said about an event: ids, codes and numbers. */
export type Fields = Record<string, unknown>

/** One JSON line an event; the event's name is a constant such as `connected`. */
export interface Log {
  debug(event: string, fields?: Fields): void
  info(event: string, fields?: Fields): void
  warn(event: string, fields?: Fields): void
  error(event: string, fields?: Fields): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Names whose values never reach the log, whoever passes them. */
const SECRET_NAME =
  /password|secret|token|verifier|cookie|authorization|^code$|^state$|^sid$|session|link$/i
const QUERY = /\?[^\s"']*/g
const DEEPEST = 4

/** Writes to stdout unless a stream is given. Times are UTC, line breaks are escaped by JSON. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const out = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      mixin: ofRequest,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ sync: true }),
  )
  const write =
    (at: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Fields = {}) => {
      if (out.isLevelEnabled(at)) out[at](clean(fields) as Fields, event)
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Lines of one request are found by the number a person has read on the page. */
function ofRequest(): Fields {
  const { id } = asking.getStore() ?? {}
  return id ? { request: id } : {}
}

/** Strips secrets by name, query strings from texts, and everything but the telling parts of errors. */
export function clean(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(QUERY, '?…')
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (depth >= DEEPEST) return '…'
  if (value instanceof Error) return cleanError(value, depth)
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) ? '[hidden]' : clean(item, depth + 1),
    ]),
  )
}

function cleanError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error
  const code = 'code' in error ? error.code : undefined
  return {
    name,
    ...(typeof code === 'string' && { failure: code }),
    message: clean(message),
    stack: clean(stack),
    ...(cause !== undefined && { cause: clean(cause, depth + 1) }),
  }
}
