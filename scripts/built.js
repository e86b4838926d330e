// @ts-check
/** What `npm run build` has left behind. JavaScript, because it is needed before anything is built. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '..')
/** Builds stand side by side: a running process goes on loading from the one it was started from. */
export const DIST = path.join(ROOT, 'dist')
const RECORD = path.join(DIST, 'build.json')

/**
 * @typedef {readonly [size: number, mtime: number, hash: string]} Stamp
 * @typedef {{ folder: string, sources: Record<string, Stamp> }} Build `folder` in dist/; sources by their path from the root
 */

/** Where a classic script of a source is, from the build's folder. @param {string} source */
export const scriptOf = (source) => source.replace(/\.ts$/, '.cjs')

/** @returns {Build | undefined} the last one; undefined where there is none that could be run */
export function lastBuild() {
  if (!existsSync(RECORD)) return undefined
  const build = /** @type {Build} */ (JSON.parse(readFileSync(RECORD, 'utf8')))
  return existsSync(path.join(DIST, build.folder)) ? build : undefined
}

/**
 * Whether the sources are those it was made of. Where none are left, as in an image that carries only what runs, they
 * cannot have changed.
 * @param {Build} build
 */
export function isFresh({ sources }) {
  if (!existsSync(path.join(ROOT, 'app/server.ts'))) return true
  return Object.entries(sources).every(([file, stamp]) => isSame(`${ROOT}/${file}`, stamp))
}

/** @param {string} file @param {Stamp} stamp */
function isSame(file, [size, mtime, hash]) {
  const now = statSync(file, { throwIfNoEntry: false })
  if (now?.size !== size) return false
  return now.mtimeMs === mtime || hashOf(file) === hash // a copied file has another time
}

/** @param {string} file from the root @returns {Stamp} */
export function stampOf(file) {
  const full = path.join(ROOT, file)
  const { size, mtimeMs } = statSync(full)
  return [size, mtimeMs, hashOf(full)]
}

/** @param {string} file */
const hashOf = (file) => createHash('sha1').update(readFileSync(file)).digest('base64url')
