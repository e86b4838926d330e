/** At most so many characters, cut at a word when one ends in the second half, with «…» for what is missing. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const start = text.slice(0, most - 1)
  const end = WORD_ENDS.test(text.charAt(most - 1)) ? start.length : lastSpace(start)
  const words = start.slice(0, end).replace(/[\s,;:.(«„–—-]+$/, '')
  return `${words.length > most / 2 ? words : start}…`
}

const WORD_ENDS = /\s/

const lastSpace = (text: string): number => Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'))
