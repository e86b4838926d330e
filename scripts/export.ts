import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError } from '../app/errors.ts'
import { gather } from '../app/flows/transfer/gather.ts'
import { refuseShort, writeFile } from '../app/flows/transfer/settings-file.ts'
import { stampOf } from '../app/store/backup-names.ts'
import { inWords } from './in-words.ts'
import { askPassphrase } from './passphrase.ts'
import { withContext } from './with-context.ts'

/** Writes what is set up into a file: `npm run export`, `-- backups/name.json`, with secrets under a passphrase `-- --secrets`. */
await inWords(async () => {
  const { file, secrets } = given()
  const passphrase = secrets ? await askPassphrase({ fresh: true }) : undefined
  if (passphrase !== undefined) refuseShort(passphrase)
  await withContext(async (ctx) => {
    const text = await writeFile(await gather(ctx), { evosync: ctx.version, passphrase })
    write(file, text)
  })
  console.log(`Настройки: ${file}`)
  console.log(
    secrets
      ? 'Секреты внутри закрыты парольной фразой: без неё их не открыть никому, и вам тоже.'
      : 'Секретов внутри нет. С ними, под парольной фразой: npm run export -- --secrets',
  )
})

function given() {
  try {
    const { values, positionals } = parseArgs({
      options: { secrets: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new Error('one file')
    const [file = path.join('backups', `settings-${stampOf(new Date())}.json`)] = positionals
    return { file, secrets: values.secrets }
  } catch {
    throw new ConfigError([
      'Как вызвать: npm run export -- backups/settings.json (с секретами: -- --secrets backups/settings.json)',
    ])
  }
}

/** For its owner's eyes; nothing is written over. */
function write(file: string, text: string) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!taken) throw error
    throw new ConfigError([`${file}: такой файл уже есть. Назовите другой или уберите этот.`])
  }
}
