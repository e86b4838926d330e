// @ts-check
/**
 * Stacks that name the sources. Node's own --enable-source-maps reads every map at the start, a tenth of it; these are
 * read for the first error that somebody looks at.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSourceMap } from './source-map.js'

/** A place in what was built, as V8 writes it: `file:///…/dist/…/server.cjs:12:345`, a package's without `file://`. */
const PLACE = /((?:file:\/)?\/[^:()]+\.c?js):(\d+):(\d+)/

/** @param {string} folder what was built; everything else stays as it is */
export function nameSources(folder) {
  /** @type {Map<string, ReturnType<typeof openSourceMap> | undefined>} */
  const maps = new Map()

  /** @param {string} file */
  function mapOf(file) {
    if (!maps.has(file)) maps.set(file, file.startsWith(folder) ? read(`${file}.map`) : undefined)
    return maps.get(file)
  }

  /** @param {string} frame */
  function inSource(frame) {
    return frame.replace(PLACE, (place, url, line, column) => {
      const file = url.startsWith('file:') ? fileURLToPath(url) : url
      const found = mapOf(file)?.(Number(line) - 1, Number(column) - 1)
      if (!found) return place
      const source = path.resolve(path.dirname(file), found.source)
      return `${source}:${found.line + 1}:${found.column + 1}`
    })
  }

  Error.prepareStackTrace = (error, frames) =>
    [headOf(error), ...frames.map((frame) => `    at ${inSource(String(frame))}`)].join('\n')
}

/** @param {string} file */
const read = (file) =>
  existsSync(file) ? openSourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined

/** @param {Error} error */
function headOf(error) {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}
