import * as z from 'zod'
import { ConfigError } from '../errors.ts'
import { explain, ONCE } from './platforms.ts'

/** Connections of an instance to PostgreSQL and how long they are waited for, milliseconds. What is unset has a default of ours. */
export interface PoolLimits {
  max?: number
  acquireMs?: number
  connectMs?: number
  idleMs?: number
  /** PostgreSQL ends a statement after it. */
  statementMs?: number
}

const whole = (least: number, most: number, example: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,8}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `нужно целое число от ${least} до ${most}, пример: ${example}`,
    )
    .transform(Number)
    .optional()

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** As they are written in the environment. */
export const poolVariables = {
  DATABASE_POOL_MAX: whole(1, 500, 10),
  DATABASE_ACQUIRE_MS: whole(100, MINUTE_MS, 5000),
  DATABASE_CONNECT_MS: whole(100, 2 * MINUTE_MS, 6000),
  DATABASE_IDLE_MS: whole(1000, 24 * HOUR_MS, 30_000),
  DATABASE_STATEMENT_MS: whole(100, HOUR_MS, 30_000),
}

/**
 * Undefined when nothing is set.
 * @throws ConfigError when something is set that cannot be
 */
export function poolOf(env: Record<string, string>): PoolLimits | undefined {
  const read = z.object(poolVariables).safeParse(env, ONCE)
  if (!read.success) throw new ConfigError(explain(read.error))
  const limits = Object.entries(read.data).flatMap(([name, value]) => {
    const key = KEYS[name as keyof typeof poolVariables]
    return value === undefined ? [] : [[key, value] as const]
  })
  return limits.length > 0 ? Object.fromEntries(limits) : undefined
}

const KEYS: Record<keyof typeof poolVariables, keyof PoolLimits> = {
  DATABASE_POOL_MAX: 'max',
  DATABASE_ACQUIRE_MS: 'acquireMs',
  DATABASE_CONNECT_MS: 'connectMs',
  DATABASE_IDLE_MS: 'idleMs',
  DATABASE_STATEMENT_MS: 'statementMs',
}
