import type { Db } from './db.ts'

/** Words of one person, and of one search, that are looked at. */
const MOST_WORDS = 20
const MOST_WANTED = 5
/** Beyond every sign there is. */
const LAST_SIGN = '\u{10ffff}'

/** What a person is found by: their address, its parts, and the words of their name, each by its beginning. */
function wordsOf(email: string, name: string): string[] {
  const at = email.lastIndexOf('@')
  const words = `${email.slice(0, at)} ${name}`.split(/[^\p{L}\p{N}]+/u)
  const all = [email, email.slice(at + 1), ...words, ...name.split(/\s+/)].map(plain)
  return [...new Set(all.filter(Boolean))].slice(0, MOST_WORDS)
}

/** The words of a search, the longest first: it is the rarest, mostly. */
export function wantedWords(text: string): string[] {
  const words = plain(text)
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
  const all = [...new Set(words.filter(Boolean))].slice(0, MOST_WANTED)
  return all.toSorted((one, other) => other.length - one.length)
}

/** Every word that begins so, as a range. */
export const beginning = (word: string): [from: string, to: string] => [word, word + LAST_SIGN]

/** One spelling whatever is typed; SQLite knows capitals of no other letters than a to z. */
const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е')

/** Writes the words of a person in place of those of before; part of the unit that writes the person. */
export async function rememberWords(
  db: Db,
  { id, email, name }: { id: number; email: string; name: string },
): Promise<void> {
  await db('user_words').where({ user_id: id }).delete()
  const rows = wordsOf(email, name).map((word) => ({ word, user_id: id }))
  await db('user_words').insert(rows)
}
