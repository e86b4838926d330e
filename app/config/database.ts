import { ConfigError } from '../errors.ts'
import { type Environment, withoutEmpty } from './environment.ts'
import { type PoolLimits, poolOf } from './pool.ts'
import { databaseUrl } from './variables.ts'

/** `prepares: false`: no statement is prepared under a name, for a pooler that knows none. */
export type DatabaseConfig =
  | { client: 'sqlite'; file: string }
  | { client: 'postgres'; url: string; prepares?: false; pool?: PoolLimits }

/**
 * `DATABASE_URL` names PostgreSQL; without it the data is a SQLite file.
 * @throws ConfigError when it names nothing
 */
export function databaseOf(environment: Environment): DatabaseConfig {
  const env = withoutEmpty(environment)
  const {
    DATABASE_URL: url,
    DATABASE_FILE: file = 'db/evosync.sqlite',
    DATABASE_PREPARE: prepare = 'on',
  } = env
  const checked = databaseUrl.optional().safeParse(url)
  if (!checked.success) {
    throw new ConfigError(checked.error.issues.map(({ message }) => `DATABASE_URL: ${message}`))
  }
  if (!url) return { client: 'sqlite', file }
  const pool = poolOf(env)
  return {
    client: 'postgres',
    url,
    ...(prepare === 'off' && { prepares: false }),
    ...(pool && { pool }),
  }
}
