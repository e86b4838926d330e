import { letterOf } from '../letters/font.ts'
import { lengthOf } from '../letters/text-path.ts'

/** Room for some lines of text, in pixels. */
export interface Space {
  width: number
  lines: number
}

const CUT = '…'

/** Of a text what the typeface can write, in single spaces: no sign of it does anything but stand there. */
export function writable(text: string): string {
  const known = Array.from(text.slice(0, LONGEST).normalize('NFC')).map((letter) =>
    /\s/u.test(letter) ? ' ' : letterOf(letter) && VISIBLE.test(letter) ? letter : '',
  )
  return known.join('').replace(/ +/g, ' ').trim()
}

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u
/** More of a name fits no card. */
const LONGEST = 1000

/** Whole words in lines; undefined where they do not fit. */
export function wrapped(text: string, size: number, { width, lines }: Space): string[] | undefined {
  const found: string[] = []
  for (const word of text.split(' ')) {
    if (lengthOf(word, size) > width) return undefined
    const line = `${found.at(-1) ?? ''} ${word}`.trim()
    if (found.length > 0 && lengthOf(line, size) <= width) found[found.length - 1] = line
    else found.push(word)
  }
  return found.length <= lines ? found : undefined
}

/** The same of any text: words that are too long are broken, and what is too much is cut. */
export function squeezed(text: string, size: number, { width, lines }: Space): string[] {
  const words = text.split(' ').flatMap((word) => pieces(word, size, width))
  const whole = wrapped(words.join(' '), size, { width, lines: Infinity }) ?? []
  if (whole.length <= lines) return whole
  const kept = whole.slice(0, lines)
  return [...kept.slice(0, -1), shortened(kept.at(-1) ?? '', size, width)]
}

/** One line, cut where it is too long. */
export const oneLine = (text: string, size: number, width: number): string =>
  lengthOf(text, size) <= width ? text : shortened(text, size, width)

function shortened(line: string, size: number, width: number): string {
  let rest = Array.from(line)
  while (rest.length > 0 && lengthOf(rest.join('') + CUT, size) > width) rest = rest.slice(0, -1)
  return rest.join('').trimEnd() + CUT
}

function pieces(word: string, size: number, width: number): string[] {
  const found = ['']
  for (const letter of word) {
    const longer = (found.at(-1) ?? '') + letter
    if (lengthOf(longer, size) <= width) found[found.length - 1] = longer
    else found.push(letter)
  }
  return found
}
