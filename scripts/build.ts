import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { ROOT } from '../app/root.ts'
import { buildAssets } from './assets/build-assets.ts'
import { DIST, stampOf } from './built.js'

/** Makes plain JavaScript of what package.json runs: `npm run build`. Why so: docs/decisions/036-what-runs-is-built.md. */
const ENTRIES = [
  'app/server.ts',
  ...['backup', 'create-admin', 'demo', 'migrate', 'rollback', 'rotate-keys', 'secrets'].map(
    (name) => `scripts/${name}.ts`,
  ),
]
/** Of the older ones a process may still be running. */
const KEPT = 3

const begun = performance.now()
mkdirSync(DIST, { recursive: true })
const folder = mkdtempSync(path.join(DIST, 'build-'))
const sources = await buildCode(folder)
record(folder, [...sources, ...(await buildAssets(folder))])
forgetOlder()
console.log(
  `Собрано за ${Math.round(performance.now() - begun)} мс: ${path.relative(ROOT, folder)}`,
)

/** Into `outdir`, each entry at its place; gives the sources that went into it. */
async function buildCode(outdir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir,
    outbase: ROOT,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  })
  return Object.keys(metafile.inputs)
}

/** From here on it is the one that runs: the file is there as a whole, or not at all. */
function record(made: string, files: readonly string[]) {
  const stamps = Object.fromEntries(files.map((file) => [file, stampOf(file)]))
  const draft = path.join(made, 'build.json')
  writeFileSync(draft, JSON.stringify({ folder: path.basename(made), sources: stamps }))
  renameSync(draft, path.join(DIST, 'build.json'))
}

function forgetOlder() {
  const builds = readdirSync(DIST).filter((name) => name.startsWith('build-'))
  const age = (name: string) => -statSync(path.join(DIST, name)).mtimeMs
  for (const name of builds.toSorted((a, b) => age(a) - age(b)).slice(KEPT)) {
    rmSync(path.join(DIST, name), { recursive: true, force: true })
  }
}
