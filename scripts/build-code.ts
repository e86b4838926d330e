import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build as bundle, type Plugin } from 'esbuild'
import { ROOT } from '../app/root.ts'

/** Machine code, files that are served, and what is loaded by few. */
export const NOT_BUNDLED = [
  ...['@node-rs/argon2', 'better-sqlite3', 'better-sqlite3-prebuilt', 'sharp'],
  ...['bootstrap', 'bootstrap-icons', '@fontsource-variable/golos-text', 'esbuild', 'tsx'],
  ...['pg', 'pg-query-stream', 'sqlite3'],
]
/** Packages in the old format ask for Node's modules by `require`, which a module of the new one has to make itself. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`

/**
 * Bundles each entry, packages included, at its place below `outdir`; what is imported by `import()` is a file of its own.
 * Gives what it was made of; for packages stands their lock.
 */
export async function buildCode(entries: readonly string[], outdir: string): Promise<string[]> {
  const { metafile } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: [...entries],
    outdir,
    outbase: ROOT,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: [...NOT_BUNDLED, ...ofDevelopment()],
    plugins: [leavingOut],
    banner: { js: REQUIRE },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  })
  const own = Object.keys(metafile.inputs).filter((file) => !file.startsWith('node_modules/'))
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
  },
}

/** Knex speaks to other databases too. */
const OTHER_DIALECTS =
  /knex\/lib\/dialects\/(cockroachdb|mariadb|mssql|mysql2?|oracle|oracledb|pgnative|redshift)\//
