import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Db } from './db.ts'
import { beginning, fillWords, wantedWords } from './user-words.ts'
import { fromRow, type Row, type User } from './users.ts'

/** Whom a list of people shows: those with all of these words, after the one it got to. */
export interface UserFilter {
  text: string
  after?: number | undefined
}

/** Where a search has got to, in the order of the words' index. */
interface Place {
  word: string
  user_id: number
}

/** So many people who have one of the words are asked for the others in one go: pages have their turn in between. */
const ASKED_AT_ONCE = 5_000
/** Words that more people have are common, however many they are. */
const COMMON = 20_000

/** People, a page at a time, however many there are. */
export function createUserSearchStore(db: Db) {
  return {
    /** The newest first; those of a search by the word that was found. */
    async page({ text, after }: UserFilter, most: number): Promise<User[]> {
      const [word, ...others] = await rarestFirst(db, wantedWords(text))
      if (word === undefined) return text.trim() === '' ? await newest(db, after, most) : []
      const found: User[] = []
      let from = after === undefined ? undefined : await placeOf(db, word, after)
      for (;;) {
        const to = others.length > 0 ? await endOfSlice(db, word, from) : undefined
        const query = inOrder(db, word, from).join('users', 'users.id', 'user_words.user_id')
        if (to) void query.whereRaw('(word, user_id) <= (?, ?)', [to.word, to.user_id])
        for (const other of others) void query.whereExists(wordOf(db, other)) // first: it leaves few
        void query.whereNotExists(earlierWord(db, word)).limit(most - found.length)
        found.push(...(await query.select<Row[]>('users.*')).map(fromRow))
        if (!to || found.length === most) return found
        from = to
        await othersTurn()
      }
    },
    /** Whoever an earlier version wrote is found from then on. */
    fill: (): Promise<void> => fillWords(db),
  }
}

/** Whom few have in common is found soonest among those of the rarest word; of common ones the longest comes first. */
async function rarestFirst(db: Db, words: string[]): Promise<string[]> {
  if (words.length < 2) return words
  const counted: { word: string; n: number }[] = []
  for (const word of words) {
    const some = inOrder(db, word).clearOrder().select(db.raw('1')).limit(COMMON)
    const [row] = await db.from(some.as('some')).count<{ n: number | string }[]>({ n: '*' })
    counted.push({ word, n: Number(row?.n) })
  }
  return counted.sort((one, other) => one.n - other.n).map(({ word }) => word)
}

/** Words that begin so with who has them, after a place. */
function inOrder(db: Db, word: string, after?: Place) {
  const [from, to] = beginning(word)
  const query = db('user_words').where('word', '<=', to).orderBy(['word', 'user_id'])
  if (after) void query.whereRaw('(word, user_id) > (?, ?)', [after.word, after.user_id])
  else void query.where('word', '>=', from)
  return query
}

async function endOfSlice(db: Db, word: string, after?: Place): Promise<Place | undefined> {
  const [last] = await inOrder(db, word, after)
    .offset(ASKED_AT_ONCE - 1)
    .limit(1)
    .select<Place[]>('word', 'user_id')
  return last
}

async function newest(db: Db, after: number | undefined, most: number): Promise<User[]> {
  const query = db('users').orderBy('id', 'desc').limit(most)
  if (after !== undefined) void query.where('id', '<', after)
  return (await query).map(fromRow)
}

/** By which word a person was found; undefined when they are gone, or are called otherwise by now. */
async function placeOf(db: Db, word: string, id: number): Promise<Place | undefined> {
  const [place] = await db('user_words')
    .where({ user_id: id })
    .whereBetween('word', beginning(word))
    .orderBy('word')
    .limit(1)
    .select<Place[]>('word', 'user_id')
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
