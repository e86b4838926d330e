import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseConfig } from '../config/database.ts'
import { ConfigError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { Db } from './db.ts'
import { isPassing, postgresTrouble } from './postgres-trouble.ts'
import { sqliteTrouble } from './sqlite-trouble.ts'

const PAUSE_MS = 500
const SAY_EVERY_MS = 5_000

/** How long to wait for a database that may be starting, and who ends it sooner. */
export interface Patience {
  waitMs: number
  log?: Log
  signal?: AbortSignal
}

/**
 * Asks until the database answers. PostgreSQL may start later than we do: that is waited for, with a line in the log now
 * and then. What does not pass by itself, such as a wrong password, is not.
 * @throws ConfigError in words
 */
export async function awaitDatabase(
  db: Db,
  config: DatabaseConfig,
  { waitMs, log, signal }: Patience,
): Promise<void> {
  const begun = performance.now()
  let said = -Infinity
  for (;;) {
    signal?.throwIfAborted()
    try {
      await db.raw('select 1')
      return
    } catch (error) {
      const now = performance.now()
      const waited = now - begun
      if (config.client === 'sqlite' || !isPassing(error) || waited > waitMs) throw error
      if (now - said >= SAY_EVERY_MS) {
        said = now
        const reason = troubleOf(error, config)
        log?.warn('waiting_for_database', { reason, waitedMs: Math.round(waited), waitMs })
      }
    }
    await pause(PAUSE_MS, undefined, signal && { signal })
  }
}

/** Does something with the database; what fails is told in words, if it is the database's. */
export async function inWords<T>(config: DatabaseConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const words = error instanceof ConfigError ? undefined : troubleOf(error, config)
    throw words ? new ConfigError([words], { cause: error }) : error
  }
}

function troubleOf(error: unknown, config: DatabaseConfig): string | undefined {
  return config.client === 'sqlite'
    ? sqliteTrouble(error, config.file)
    : postgresTrouble(error, config.url)
}
