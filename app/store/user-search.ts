import type { Db } from './db.ts'
import { beginning, wantedWords } from './user-words.ts'
import { fromRow, type Row, type User } from './users.ts'

/** Whom a list of people shows: those with all of these words, after the one it got to. */
export interface UserFilter {
  text: string
  after?: number | undefined
}

/** People, a page at a time, however many there are. */
export function createUserSearchStore(db: Db) {
  return {
    /** The newest first; those of a search by the word that was found. */
    async page({ text, after }: UserFilter, most: number): Promise<User[]> {
      const [word, ...others] = wantedWords(text)
      if (word === undefined) return text.trim() === '' ? await newest(db, after, most) : []
      const place = after === undefined ? undefined : await placeOf(db, word, after)
      const [from, to] = beginning(word)
      const query = db('user_words')
        .join('users', 'users.id', 'user_words.user_id')
        .where('word', '<=', to)
        .orderBy(['word', 'user_id'])
        .limit(most)
        .select<Row[]>('users.*')
      if (place === undefined) void query.where('word', '>=', from)
      else void query.whereRaw('(word, user_id) > (?, ?)', [place, after ?? 0])
      for (const other of others) void query.whereExists(wordOf(db, other)) // first: it leaves few
      void query.whereNotExists(earlierWord(db, word))
      return (await query).map(fromRow)
    },
  }
}

async function newest(db: Db, after: number | undefined, most: number): Promise<User[]> {
  const query = db('users').orderBy('id', 'desc').limit(most)
  if (after !== undefined) void query.where('id', '<', after)
  return (await query).map(fromRow)
}

/** By which word a person was found; undefined when they are gone, or are called otherwise by now. */
async function placeOf(db: Db, word: string, id: number): Promise<string | undefined> {
  const [place] = await db('user_words')
    .where({ user_id: id })
    .whereBetween('word', beginning(word))
    .orderBy('word')
    .limit(1)
    .pluck<string[]>('word')
  return place
}

/** A word of the same person that begins so. */
const wordOf = (db: Db, word: string) =>
  db('user_words as own')
    .select(db.raw('1'))
    .where('own.user_id', db.ref('user_words.user_id'))
    .whereBetween('own.word', beginning(word))

/** Who has several such words stands by the first. */
const earlierWord = (db: Db, word: string) =>
  wordOf(db, word).where('own.word', '<', db.ref('user_words.word'))
