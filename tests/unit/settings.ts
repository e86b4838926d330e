import { type Config, loadConfig } from '../../app/config/index.ts'
import type { Environment } from '../../app/config/environment.ts'
import { ConfigError } from '../../app/errors.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'

/** Reads an environment that has good secrets unless told otherwise. */
export const load = (environment: Environment = {}): Config =>
  loadConfig({ ...freshSecrets(), ...environment }, platforms)

/** What is wrong with an environment, problem by problem; nothing when it is accepted. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    load(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
