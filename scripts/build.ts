import { spawnSync } from 'node:child_process'
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
import { buildCode, buildScript } from './build-code.ts'
import { DIST, scriptOf, stampOf } from './built.js'

/**
 * Makes plain JavaScript of what package.json runs, in a folder of dist/: `npm run build`. Why so:
 * docs/decisions/036-what-runs-is-built.md.
 */
const SERVER = 'app/server.ts'
const COMMANDS = [
  'backup',
  'copy-database',
  'create-admin',
  'demo',
  'doctor',
  'export',
  'import',
  'migrate',
  'restore',
  'rollback',
  'rotate-keys',
  'secrets',
]
/** Of the older ones a process may still be running. */
const KEPT = 3
const START_WITHIN_MS = 30_000

const begun = performance.now()
mkdirSync(DIST, { recursive: true })
const folder = mkdtempSync(path.join(DIST, 'build-'))
chmodSync(folder, 0o755) // who builds is not always who runs it
const commands = COMMANDS.map((name) => `scripts/${name}.ts`).filter(canBeBuilt)
record([
  ...(await buildScript(SERVER, folder)),
  ...(await buildCode(commands, folder)),
  ...(await buildAssets(folder)),
])
keepCode()
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

/** Where it does not start, the first that does keeps its code. */
function keepCode() {
  const args = ['scripts/first-start.js', path.join(folder, scriptOf(SERVER))]
  const env = { PATH: process.env.PATH }
  spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'ignore', timeout: START_WITHIN_MS })
}

function forgetOlder() {
  const builds = readdirSync(DIST).filter((name) => name.startsWith('build-'))
  const madeAt = (name: string) => statSync(path.join(DIST, name)).mtimeMs
  for (const name of builds.toSorted((a, b) => madeAt(b) - madeAt(a)).slice(KEPT)) {
    rmSync(path.join(DIST, name), { recursive: true, force: true })
  }
}
