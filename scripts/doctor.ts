import { existsSync } from 'node:fs'
import { loadConfig } from '../app/config/index.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { createContext } from '../app/context.ts'
import { ConfigError } from '../app/errors.ts'
import { lookInside } from '../app/flows/doctor/look-inside.ts'
import { lookOutside, tryLetter } from '../app/flows/doctor/look-outside.ts'
import { bad, good, type Remark } from '../app/flows/doctor/remark.ts'
import { platforms } from '../app/providers/index.ts'

/**
 * Says how this installation is, and what to do: `npm run doctor`, `-- --json`, `-- --mail marina@example.ru`. Changes
 * nothing. Exit code 1 where something is wrong.
 */
const args = process.argv.slice(2)
const letterTo = args.includes('--mail') ? args[args.indexOf('--mail') + 1] : undefined
const wrongCall = args.includes('--mail') && !letterTo?.includes('@')
if (wrongCall) console.error('Как вызвать: npm run doctor -- --mail marina@example.ru')

const remarks = wrongCall ? [] : await examine()
if (args.includes('--json')) console.log(JSON.stringify(remarks, undefined, 2))
else for (const remark of remarks) console.log(line(remark))
if (wrongCall || remarks.some(({ state }) => state === 'bad')) process.exitCode = 1

async function examine(): Promise<Remark[]> {
  const config = readConfig()
  if (Array.isArray(config)) return config
  const { database } = config
  if (database.client === 'sqlite' && !existsSync(database.file)) {
    const words = `Файла базы нет: ${database.file}.`
    return [bad('database', words, 'Запустите EvoSync (npm start) или проверьте DATABASE_FILE.')]
  }
  const ctx = createContext(config)
  try {
    const inside = [good('environment', 'Переменные прочитаны.'), ...(await lookInside(ctx))]
    const isThere = !inside.some(({ about, state }) => about === 'database' && state === 'bad')
    if (isThere) await ctx.providers.refresh()
    const letter = letterTo ? [await tryLetter(ctx, letterTo)] : []
    return [...inside, ...(await lookOutside(ctx)), ...letter]
  } finally {
    await ctx.close()
  }
}

function readConfig() {
  try {
    loadEnvFile()
    return loadConfig({ ...process.env, LOG_LEVEL: 'error' }, platforms)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) =>
      bad('environment', problem, 'Исправьте .env; все переменные описаны в .env.example.'),
    )
  }
}

function line({ state, words, remedy }: Remark): string {
  const mark = { good: '[ ок ]', note: '[ ! ]', bad: '[ОШИБКА]' }[state]
  return `${mark} ${words}${remedy ? `\n       Что сделать: ${remedy}` : ''}`
}
