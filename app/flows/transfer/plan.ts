import type { Context } from '../../context.ts'
import { ConfigError } from '../../errors.ts'
import type { Contents, Secrets } from './settings-file.ts'

/** What an import will do, in words and as steps of one unit; nothing has been written yet. */
export interface Plan {
  /** A line each, in the order of the steps. */
  changes: string[]
  /** What stays as it is although the file names it, and why. */
  notes: string[]
  steps: ((unit: Context) => Promise<void>)[]
}

/** What a part of the plan is made from. */
export interface Import {
  ctx: Context
  contents: Contents
  secrets: Secrets
  /** Filled by the parts; any of them refuses the file. */
  problems: string[]
}

export const emptyPlan = (): Plan => ({ changes: [], notes: [], steps: [] })

/** Somebody else has changed it since it was looked at. @throws ConfigError */
export function meanwhile(what: string): never {
  throw new ConfigError([
    `${what}: это изменили, пока вы читали. Ничего не записано, повторите команду.`,
  ])
}
