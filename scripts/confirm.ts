import { createInterface } from 'node:readline/promises'
import { ConfigError } from '../app/errors.ts'

/** Spares the question, for scripts. */
export const YES = '--yes'

/** Goes on only when a person types this very word. @throws ConfigError otherwise, and where there is nobody to ask */
export async function confirm(word: string, before = ''): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new ConfigError([
      `Не подтверждено, ничего не изменено. Запустите в терминале и напечатайте ${word}, или добавьте -- ${YES} (для скриптов).`,
    ])
  }
  const terminal = createInterface(process.stdin, process.stdout)
  const said = await terminal.question(`${before}Чтобы продолжить, напечатайте ${word}: `)
  terminal.close()
  if (said.trim() !== word) throw new ConfigError(['Не подтверждено, ничего не изменено.'])
}
