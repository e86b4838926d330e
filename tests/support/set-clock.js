import { readFileSync } from 'node:fs'
import process from 'node:process'

// Loaded into a process of ours before everything else: at SIGUSR2 its clock is set by as many milliseconds as the file says.
const { CLOCK_FILE = '' } = process.env
const Wall = Date
let shift = 0

class Settable extends Wall {
  /** @param {[] | [number | string | Date]} parts */
  constructor(...parts) {
    if (parts.length === 0) super(Wall.now() + shift)
    else super(.../** @type {[number]} */ (parts))
  }

  /** @override */
  static now() {
    return Wall.now() + shift
  }
}

globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (Settable))

process.on('SIGUSR2', () => {
  shift = Number(readFileSync(CLOCK_FILE, 'utf8'))
})
