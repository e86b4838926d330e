// @ts-check
/**
 * Runs what a source has been built into: `node scripts/run.js app/server.ts`. Where the sources are newer than what was
 * built it is built anew first; where that fails, the sources themselves run. Nobody runs old code without knowing it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers'
import { DIST, isFresh, lastBuild, scriptOf } from './built.js'
import { openScript } from './kept-code.js'
import { nameSources } from './stacks.js'

/** A start is over by then, and what it has called is still at hand. */
const STARTED_MS = 5_000
const ROOT = path.join(import.meta.dirname, '..')
/** From Node 22 on. @type {{ enableCompileCache?: (folder: string) => void, builtinModules: unknown }} */
const compileCache = module
const [, , source = ''] = process.argv
process.argv.splice(1, 2, path.join(ROOT, source)) // as if the source itself had been called

const build = freshBuild()
if (build) await runBuilt(path.join(DIST, build.folder))
else await runSource()

function freshBuild() {
  const last = lastBuild()
  if (last && isFresh(last)) return last
  say(last ? 'Исходники новее сборки: собираем заново…' : 'Сборки ещё нет: собираем…')
  spawnSync(process.execPath, ['--import', 'tsx/esm', 'scripts/build.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const made = lastBuild()
  return made && isFresh(made) ? made : undefined
}

/** @param {string} folder */
async function runBuilt(folder) {
  nameSources(folder)
  const script = path.join(folder, scriptOf(source))
  if (existsSync(script)) {
    runScript(script)
    return
  }
  compileCache.enableCompileCache?.(path.join(folder, 'cache'))
  await import(path.join(folder, source.replace(/\.ts$/, '.js')))
}

/** @param {string} file */
function runScript(file) {
  const script = openScript(file)
  script.run()
  if (!script.kept) setTimeout(script.keep, STARTED_MS).unref()
}

async function runSource() {
  say(
    'Собрать не получилось (почему, сказано выше). Работаем прямо из исходников: так медленнее, но код новый. Исправьте причину и выполните npm run build.',
  )
  const { register } = await import('tsx/esm/api')
  register()
  await import(path.join(ROOT, source))
}

/** @param {string} words */
function say(words) {
  process.stderr.write(`EvoSync: ${words}\n`)
}
