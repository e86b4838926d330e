// @ts-check
/**
 * Looks places up in a source map (ECMA-426). Node's own SourceMap makes an object of each of its 300,000 segments: half
 * a second and 100 MB for the first error. This one keeps the text, and reads the one line that is asked for.
 */

/** @typedef {{ source: number, line: number, column: number }} State where the segment before has ended */
/** @typedef {{ source: string, line: number, column: number }} Place counted from zero */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Uint8Array(128)
for (const [value, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = value

/**
 * @param {{ mappings: string, sources: string[] }} map
 * @returns {(line: number, column: number) => Place | undefined} from a place in what was made, counted from zero
 */
export function openSourceMap({ mappings, sources }) {
  const lines = mappings.split(';')
  /** @type {State[]} what each line begins with */
  const begins = []
  let state = { source: 0, line: 0, column: 0 }
  for (const line of lines) {
    begins.push(state)
    state = lastOf(line, state, Infinity) ?? state
  }
  return (line, column) => {
    const begin = begins[line]
    const found = begin && lastOf(lines[line] ?? '', begin, column)
    if (!found) return undefined
    return { source: sources[found.source] ?? '', line: found.line, column: found.column }
  }
}

/**
 * The last segment that begins at `most` or before; undefined where there is none.
 * @param {string} text of one line @param {State} begin @param {number} most
 */
function lastOf(text, begin, most) {
  let { source, line, column } = begin
  /** @type {State | undefined} */
  let last
  let made = 0
  let at = 0
  const next = () => {
    let value = 0
    for (let shift = 0; ; shift += 5) {
      const digit = VALUES[text.charCodeAt(at++)] ?? 0
      value += (digit & 31) << shift
      if (digit < 32) return value & 1 ? -(value >> 1) : value >> 1
    }
  }
  const ended = () => at >= text.length || text[at] === ','
  while (at < text.length) {
    made += next()
    if (made > most) break
    if (!ended()) {
      source += next()
      line += next()
      column += next()
      last = { source, line, column }
    }
    if (!ended()) next() // a name
    at += 1
  }
  return last
}
