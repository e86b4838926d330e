import { ConfigError } from '../errors.ts'

/** @throws ConfigError: a copy is not to be used, and why */
export function refuseCopy(copy: string, why: string): never {
  throw new ConfigError([`Копия ${copy} не подходит: ${why}. Ничего не изменено.`])
}

/** @throws ConfigError: somebody works with the database */
export function tellRunning(place: string): never {
  throw new ConfigError([
    `С базой ${place} сейчас работает EvoSync или другая программа. Остановите их (systemctl stop evosync) и повторите. Ничего не изменено.`,
  ])
}
