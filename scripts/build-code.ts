import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build as bundle, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { ROOT } from '../app/root.ts'
import { scriptOf } from './built.js'
import { stayingYoung } from './young-functions.ts'

/** Machine code, files that are served, and what is loaded by few. */
export const NOT_BUNDLED = [
  ...['@node-rs/argon2', 'better-sqlite3', 'better-sqlite3-prebuilt', 'sharp'],
  ...['bootstrap', 'bootstrap-icons', '@fontsource-variable/golos-text', 'esbuild', 'tsx'],
  ...['pg', 'pg-query-stream', 'sqlite3'],
]
/** What a start does not need: each a file of its own, which is read when the first asks for it. */
const LATE = ['bowser', 'busboy', 'nodemailer', 'undici']
/** Packages in the old format ask for Node's modules by `require`, which a module of the new one has to make itself. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`
/** What scripts/kept-code.js gives: as Node to a module of the old format, and its URL. */
const CLASSIC = {
  banner: { js: '(function (exports, require, module, __filename, __dirname, __url) {' },
  footer: { js: '})' },
}

const common = (): BuildOptions => ({
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: [...NOT_BUNDLED, ...ofDevelopment()],
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
})

/**
 * Bundles each entry, packages included, at its place below `outdir`; what is imported by `import()` is a file of its own.
 * Gives what it was made of; for packages stands their lock.
 */
export async function buildCode(entries: readonly string[], outdir: string): Promise<string[]> {
  const { metafile } = await bundle({
    ...common(),
    entryPoints: [...entries],
    outdir,
    outbase: ROOT,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
    plugins: [leavingOut, stayingYoung],
    banner: { js: REQUIRE },
    metafile: true,
  })
  return sourcesOf(metafile)
}

/**
 * Bundles what starts often, and is waited for, into one classic script: V8 keeps the code of such a one whole. What is
 * imported by `import()` is in it, and runs when it is asked for. Gives what it was made of.
 */
export async function buildScript(entry: string, outdir: string): Promise<string[]> {
  await bundle({
    ...common(),
    entryPoints: Object.fromEntries(LATE.map((name) => [name, name])),
    outdir: path.join(outdir, 'packages'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  })
  const { metafile } = await bundle({
    ...common(),
    ...CLASSIC,
    entryPoints: [entry],
    outfile: path.join(outdir, scriptOf(entry)),
    format: 'cjs',
    plugins: [leavingOut, stayingYoung, readLate(path.posix.dirname(entry))],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
    supported: { 'dynamic-import': false },
    metafile: true,
  })
  return sourcesOf(metafile)
}

function sourcesOf({ inputs }: Metafile): string[] {
  const own = Object.keys(inputs).filter((file) => !file.startsWith('node_modules/'))
  return [...own, 'package-lock.json']
}

/** The demo's stand-ins use some, and `npm ci --omit=dev` has none of them. */
function ofDevelopment(): string[] {
  const text = readFileSync(path.join(ROOT, 'package.json'), 'utf8')
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> }
  return Object.keys(devDependencies)
}

/** Of packages that are bundled, what nobody here needs. */
const leavingOut: Plugin = {
  name: 'leaving-out',
  setup(build) {
    // Half a megabyte of encodings that nobody's form comes in: they stay in their package until one does.
    build.onResolve({ filter: /^\.\/tables\/.*\.json$/ }, ({ importer, path: table }) =>
      importer.includes('iconv-lite')
        ? { path: `iconv-lite/encodings/${table.slice(2)}`, external: true }
        : undefined,
    )
    build.onLoad({ filter: OTHER_DIALECTS }, () => ({ contents: '' }))
    build.onLoad({ filter: OTHER_WAYS_OUT }, () => ({ contents: '' }))
  },
}

/** Knex speaks to other databases too. */
const OTHER_DIALECTS =
  /knex\/lib\/dialects\/(cockroachdb|mariadb|mssql|mysql2?|oracle|oracledb|pgnative|redshift)\//

/** `folder`: of the script, from where packages lie. */
const readLate = (folder: string): Plugin => ({
  name: 'read-late',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${LATE.join('|')})$`) }, ({ path: name }) => ({
      path: `./${path.posix.relative(folder, `packages/${name}.cjs`)}`,
      external: true,
    }))
  },
})

/** Figures are asked for here, and there is one process: prom-client's gateway and cluster load half of Node. */
const OTHER_WAYS_OUT = /prom-client\/lib\/(pushgateway|cluster)\.js$/
