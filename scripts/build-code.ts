import { build as bundle, type Plugin } from 'esbuild'
import { ROOT } from '../app/root.ts'

/** Machine code, files that are served, and what is loaded by few. */
const NOT_BUNDLED = [
  ...['@node-rs/argon2', 'better-sqlite3', 'better-sqlite3-prebuilt', 'sharp'],
  ...['bootstrap', 'bootstrap-icons', '@fontsource-variable/golos-text', 'esbuild', 'tsx'],
  ...['pg', 'pg-query-stream', 'sqlite3'],
]
/** Knex brings along what speaks to other databases. */
const OTHER_DIALECTS = [
  ...[
    'cockroachdb',
    'mariadb',
    'mssql',
    'mysql',
    'mysql2',
    'oracle',
    'oracledb',
    'pgnative',
    'redshift',
  ],
].map((name) => `./node_modules/knex/lib/dialects/${name}/*`)

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
    external: [...NOT_BUNDLED, ...OTHER_DIALECTS],
    plugins: [rareTables],
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

/** Half a megabyte of Chinese and Japanese encodings that nobody's form comes in stays in its package until it is asked for. */
const rareTables: Plugin = {
  name: 'rare-tables',
  setup(build) {
    build.onResolve({ filter: /^\.\/tables\/.*\.json$/ }, ({ importer, path }) =>
      importer.includes('iconv-lite')
        ? { path: `iconv-lite/encodings/${path.slice(2)}`, external: true }
        : undefined,
    )
  },
}
