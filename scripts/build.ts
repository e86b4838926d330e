import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { ROOT } from '../app/root.ts'
import { buildAssets } from './assets/build-assets.ts'
import { buildCode } from './build-code.ts'
import { DIST, stampOf } from './built.js'

/**
 * Makes plain JavaScript of what package.json runs, in a folder of dist/: `npm run build`. Why so:
 * docs/decisions/036-what-runs-is-built.md.
 */
const COMMANDS = ['backup', 'create-admin', 'demo', 'migrate', 'rollback', 'rotate-keys', 'secrets']
/** Of the older ones a process may still be running. */
const KEPT = 3

const begun = performance.now()
mkdirSync(DIST, { recursive: true })
const folder = mkdtempSync(path.join(DIST, 'build-'))
chmodSync(folder, 0o755) // who builds is not always who runs it
const sources = await buildCode(
  ['app/server.ts', ...COMMANDS.map((name) => `scripts/${name}.ts`).filter(canBeBuilt)],
  folder,
)
record([...sources, ...(await buildAssets(folder))])
forgetOlder()
const seconds = ((performance.now() - begun) / 1000).toFixed(1).replace('.', ',')
console.log(`Собрано за ${seconds} с: ${path.relative(ROOT, folder)}`)

/** The demo's stand-ins may have been left out, as in an image. */
function canBeBuilt(file: string): boolean {
  return file !== 'scripts/demo.ts' || existsSync(path.join(ROOT, 'tests/simulators'))
}

/** From here on it is the one that runs: the record is there as a whole, or not at all. */
function record(files: readonly string[]) {
  const stamps = Object.fromEntries(files.map((file) => [file, stampOf(file)]))
  const draft = path.join(folder, 'build.json')
  writeFileSync(draft, JSON.stringify({ folder: path.basename(folder), sources: stamps }))
  renameSync(draft, path.join(DIST, 'build.json'))
}

function forgetOlder() {
  const builds = readdirSync(DIST).filter((name) => name.startsWith('build-'))
  const madeAt = (name: string) => statSync(path.join(DIST, name)).mtimeMs
  for (const name of builds.toSorted((a, b) => madeAt(b) - madeAt(a)).slice(KEPT)) {
    rmSync(path.join(DIST, name), { recursive: true, force: true })
  }
}
