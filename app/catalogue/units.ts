import { clean } from './clean.ts'
import { keyOf, PIECE, type Unit, UNITS } from './measures.ts'

/** The unit a till means by its free text; none is a piece. `кг.`, `Килограмм` and `kg` are one, `100 г` another. */
export function unitOf(written: string): Unit {
  const text = clean(written)
  if (text === '') return PIECE
  const [, , times, base = text] = TIMES.exec(text) ?? []
  const unit = UNITS.get(keyOf(text)) ?? UNITS.get(keyOf(base))
  if (!unit) return { name: text, kind: 'counted' }
  if (times === undefined || Number(times.replace(',', '.')) === 1) return unit
  return { name: `${times} ${unit.name}`, kind: unit.kind === 'piece' ? 'counted' : unit.kind }
}

/** Whether a name says by itself how much of the unit there is: `2кг.`, `за кг`, `(кг)`. */
export function saysUnit(name: string, { name: unit }: Unit): boolean {
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{N})(?=\p{L})/u)
    .filter(Boolean)
  return words.some((word, at) => {
    const before = words[at - 1] ?? ''
    const two = UNITS.get(keyOf(before + word))?.name
    const one = UNITS.get(keyOf(word))?.name
    if (two === unit || (one === undefined ? false : `${before} ${one}` === unit)) return true
    // A letter by itself is a size or an initial, unless a number stands before it or nothing behind.
    return (
      one === unit && (word.length > 1 || /^(?:\d+|за)$/.test(before) || at === words.length - 1)
    )
  })
}

const TIMES = /^(за\s+|\/\s*)?(\d{1,6}(?:[.,]\d{1,3})?(?=\D))?\s*(.+)$/i
