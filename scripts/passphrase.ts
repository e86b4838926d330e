import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ConfigError } from '../app/errors.ts'

/** What a passphrase is taken from where nobody is asked. The command line is everybody's to read, so it is never there. */
const VARIABLE = 'SETTINGS_PASSPHRASE'

/**
 * From the environment, or from a person, who does not see it on the screen and types a `fresh` one twice: nobody could open
 * what a slip of the finger has sealed. @throws ConfigError where there is neither, and where the two differ
 */
export async function askPassphrase({ fresh = false } = {}): Promise<string> {
  const given = process.env[VARIABLE]
  if (given) return given
  if (!process.stdin.isTTY) {
    throw new ConfigError([
      `Нужна парольная фраза. Запустите в терминале, или дайте её переменной ${VARIABLE} (для скриптов).`,
    ])
  }
  const said = await askUnseen('Парольная фраза (на экране её не видно): ')
  if (fresh && (await askUnseen('Ещё раз, чтобы не ошибиться: ')) !== said)
    throw new ConfigError(['Фразы не совпали, ничего не записано. Повторите команду.'])
  return said
}

async function askUnseen(question: string): Promise<string> {
  process.stdout.write(question)
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const said = await terminal.question('')
  terminal.close()
  process.stdout.write('\n')
  return said
}
