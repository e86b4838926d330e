import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ConfigError } from '../app/errors.ts'

/** What a passphrase is taken from where nobody is asked. The command line is everybody's to read, so it is never there. */
const VARIABLE = 'SETTINGS_PASSPHRASE'

/** From the environment, or from a person, who does not see it on the screen. @throws ConfigError where there is neither */
export async function askPassphrase(): Promise<string> {
  const given = process.env[VARIABLE]
  if (given) return given
  if (!process.stdin.isTTY) {
    throw new ConfigError([
      `Нужна парольная фраза. Запустите в терминале, или дайте её переменной ${VARIABLE} (для скриптов).`,
    ])
  }
  process.stdout.write('Парольная фраза (на экране её не видно): ')
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
