import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Context } from '../app/context.ts'
import { ConfigError } from '../app/errors.ts'
import { carryOut, planImport } from '../app/flows/transfer/import-settings.ts'
import type { Plan } from '../app/flows/transfer/plan.ts'
import { openSecrets, readFile, type SettingsFile } from '../app/flows/transfer/settings-file.ts'
import { confirm } from './confirm.ts'
import { inWords } from './in-words.ts'
import { askPassphrase } from './passphrase.ts'
import { withContext } from './with-context.ts'

/** Takes what is set up from a file of `npm run export`: `npm run import -- backups/settings-….json`. */
const WORD = 'импорт'

await inWords(async () => {
  const { path, yes } = given()
  const file = readFile(read(path))
  const secrets = await openSecrets(file, file.secrets ? await askPassphrase() : '')
  await withContext((ctx) => take(ctx, file, secrets, yes))
})

type Opened = Awaited<ReturnType<typeof openSecrets>>

async function take(ctx: Context, { contents }: SettingsFile, secrets: Opened, yes: boolean) {
  const plan = await planImport(ctx, { contents, secrets })
  tell(plan)
  if (plan.steps.length === 0) return
  if (!yes) await confirm(WORD)
  await carryOut(ctx, plan)
  console.log('Готово. Работающие экземпляры узнают об этом за секунду, перезапускать их не нужно.')
}

function tell({ changes, notes }: Plan) {
  for (const note of notes) console.log(`Пропускаем. ${note}.`)
  if (changes.length === 0) console.log('Всё, что есть в файле, здесь уже так. Менять нечего.')
  else console.log(`Будет изменено (${changes.length}):`)
  for (const change of changes) console.log(`  ${change}`)
}

function given() {
  try {
    const { values, positionals } = parseArgs({
      options: { yes: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) throw new Error('one file')
    return { path, yes: values.yes }
  } catch {
    throw new ConfigError([
      'Как вызвать: npm run import -- backups/settings-….json (для скриптов: -- --yes имя-файла). Файл делает npm run export',
    ])
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError([`${path}: файла нет, или его не прочитать.`])
  }
}
