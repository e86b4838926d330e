// @ts-check
/**
 * A classic script runs with the code that V8 made of it before. Node's own cache is of Node 22 and later, and knows modules
 * alone by what they begin with; this one holds every function that a start has called.
 */
import { Buffer, isAscii } from 'node:buffer'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

const SUM_BYTES = 4

/**
 * Compiles `file`, a function of what Node gives to a module of the old format.
 * @param {string} file
 */
export function openScript(file) {
  const bytes = readFileSync(file)
  // Texts are escaped by the build, regular expressions stay as they are written. ASCII takes half the memory.
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
  const filename = pathToFileURL(file).href
  const cachedData = readKept(file, bytes)
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) })

  return {
    /** Whether there was code that this very Node has made. */
    kept: cachedData !== undefined && script.cachedDataRejected === false,
    run() {
      const module = { exports: {} }
      const main = script.runInThisContext()
      main(module.exports, createRequire(file), module, file, path.dirname(file), filename)
    },
    /** Keeps the code of what has been called until now. Who may not write there goes without. */
    keep() {
      const data = script.createCachedData()
      const sum = Buffer.alloc(SUM_BYTES)
      sum.writeUInt32LE(sumOf(data, bytes))
      try {
        replace(cacheOf(file), Buffer.concat([sum, data]))
      } catch {
        // a folder of somebody else's
      }
    },
  }
}

/** @param {string} file @param {Buffer} source @returns {Buffer | undefined} undefined where it is damaged, or of another source */
function readKept(file, source) {
  if (!existsSync(cacheOf(file))) return undefined
  const kept = readFileSync(cacheOf(file))
  const data = kept.subarray(SUM_BYTES)
  return data.length > 0 && kept.readUInt32LE() === sumOf(data, source) ? data : undefined
}

/** V8 believes what it is given: a damaged byte would end the process at every start. @param {Buffer} data @param {Buffer} source */
const sumOf = (data, source) => crc32(data, crc32(source))

/** @param {string} file */
const cacheOf = (file) => `${file}.${process.version}-${process.arch}`

/** There as a whole or not at all, after a power cut too. @param {string} file @param {Buffer} content */
function replace(file, content) {
  const draft = `${file}.${process.pid}`
  const descriptor = openSync(draft, 'w')
  writeSync(descriptor, content)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(draft, file)
}
