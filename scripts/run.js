// @ts-check
/**
 * Runs what a source has been built into: `node scripts/run.js app/server.ts`. Where the sources are newer than what was
 * built it is built anew first; where that fails, the sources themselves run. Nobody runs old code without knowing it.
 */
import { spawnSync } from 'node:child_process'
import module from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { DIST, isFresh, lastBuild } from './built.js'
import { nameSources } from './stacks.js'

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
  compileCache.enableCompileCache?.(path.join(folder, 'cache'))
  await import(path.join(folder, source.replace(/\.ts$/, '.js')))
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
