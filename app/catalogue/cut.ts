/** At most so many characters, cut where a word ends, with «…» for what is missing. Never through a sign. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const start = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')
  return `${wordsOf(start, text.charAt(start.length))}…`
}

/** The words that are whole: by spaces, else by what joins them; one that is longer than all the room is cut. */
function wordsOf(start: string, next: string): string {
  const most = start.length + 1
  if (/\s/.test(next)) return trimmed(start) || start
  const words = trimmed(
    start.slice(0, Math.max(0, start.lastIndexOf(' '), start.lastIndexOf('\n'))),
  )
  if (words.length > most / 2) return words
  const joined = trimmed(/^.*[/;+|_,–—-](?=\P{N})/su.exec(start)?.[0] ?? '')
  if (joined.length > most / 2) return joined
  return words.length > most / 8 ? words : start
}

const trimmed = (text: string): string => text.replace(/[\s,;:.(«„/+|_–—-]+$/, '')
