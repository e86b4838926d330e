import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Db } from './db.ts'
import { inOneTransaction } from './unit.ts'

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

/** The words of a search, the longest first: of common ones it is the rarest, mostly. */
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

/** People looked at in one go, and written in one unit. */
const LOOKED_AT = 1_000
const WRITTEN_AT_ONCE = 50

/**
 * Writes the words of those who are not found by their address: an instance of an earlier version, or a hand, has written
 * them. Some at a time; others have their turn in between.
 */
export async function fillWords(db: Db): Promise<void> {
  for (let after = 0; ;) {
    const some = db('users').where('id', '>', after).orderBy('id').limit(LOOKED_AT).select('id')
    const [row] = await db.from(some.as('some')).max<{ last: number | null }[]>({ last: 'id' })
    const last = row?.last ?? null
    if (last === null) return
    const missing = await db('users')
      .whereBetween('id', [after + 1, last])
      .whereNotExists(ownAddress(db))
      .orderBy('id')
      .pluck('id')
    for (let from = 0; from < missing.length; from += WRITTEN_AT_ONCE) {
      await writeWords(db, missing.slice(from, from + WRITTEN_AT_ONCE))
      await othersTurn()
    }
    await othersTurn()
    after = last
  }
}

const ownAddress = (db: Db) =>
  db('user_words')
    .select(db.raw('1'))
    .where('user_id', db.ref('users.id'))
    .where('word', db.ref('users.email'))

/** By what stands there now: they may be changed, or gone, since they were looked at. */
async function writeWords(db: Db, ids: readonly number[]): Promise<void> {
  await inOneTransaction(
    db,
    async (all) => {
      const people = await all('users').whereIn('id', ids).orderBy('id').forUpdate()
      for (const person of people) await rememberWords(all, person)
    },
    'relaxed',
  )
}

/** Writes the words of a person in place of those of before; part of the unit that writes the person. */
export async function rememberWords(
  db: Db,
  { id, email, name }: { id: number; email: string; name: string },
): Promise<void> {
  await db('user_words').where({ user_id: id }).delete()
  const rows = wordsOf(email, name).map((word) => ({ word, user_id: id }))
  await db('user_words').insert(rows)
}
