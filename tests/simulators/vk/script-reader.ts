import { VkRefusal } from './refusal.ts'
import type { Word } from './script-words.ts'

/** Words, read one by one. */
export interface Reader {
  peek: () => Word
  next: () => Word
  /** The mark or the name is at hand. */
  at: (text: string) => boolean
  /** Takes it if it is. */
  take: (text: string) => boolean
  /** @throws VkRefusal 12 unless it is there */
  need: (text: string) => void
  name: () => string
}

const END: Word = { kind: 'end', text: 'end of code' }

export function createReader(words: readonly Word[]): Reader {
  let at = 0
  const peek = () => words[at] ?? END
  const next = () => {
    const word = peek()
    at += 1
    return word
  }
  const isAt = (text: string) => peek().kind !== 'text' && peek().text === text
  const take = (text: string) => {
    const there = isAt(text)
    if (there) at += 1
    return there
  }
  return {
    peek,
    next,
    at: isAt,
    take,
    need(text) {
      if (!take(text)) throw unexpected(peek())
    },
    name() {
      if (peek().kind !== 'name') throw unexpected(peek())
      return next().text
    },
  }
}

export const unexpected = ({ text }: Word) =>
  new VkRefusal(12, `Unable to compile code: unexpected ${JSON.stringify(text)}`)
