import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'
import { buildCode } from '../../scripts/build-code.ts'
import { DIST, isFresh, lastBuild } from '../../scripts/built.js'

const FOLDER = path.join(DIST, 'tests')

/** Processes of ours that are no command of package.json: parts of the product, run by tests. */
const WORKERS = ['check-worker', 'refresh-worker', 'sync-worker'].map(
  (name) => `tests/process/${name}.ts`,
)

/** Builds the product unless it is fresh, so that tests start what people start. */
export function buildProduct(): void {
  const last = lastBuild()
  if (last && isFresh(last)) return
  execFileSync(process.execPath, ['--import', 'tsx/esm', 'scripts/build.ts'], { cwd: ROOT })
}

/** Builds the workers, once before any of them is started. */
export async function buildWorkers(): Promise<void> {
  await buildCode(WORKERS, FOLDER)
}

/** What package.json runs from its source. */
const SOURCES = ['scripts/knex.ts']
const TSX = path.join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')

/** What Node is to be called with for a source, `app/server.ts` or a worker. */
export function commandOf(source: string): [string, ...string[]] {
  if (WORKERS.includes(source)) return [path.join(FOLDER, source.replace(/\.ts$/, '.js'))]
  if (SOURCES.includes(source)) return ['--import', TSX, path.join(ROOT, source)]
  return [path.join(ROOT, 'scripts/run.js'), source]
}
