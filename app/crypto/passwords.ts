import { COMMON, inLatin, isGuessable, readCommonest } from './guessable.ts'

const SHORTEST = 12
export const LONGEST = 128

/** What guessing one password costs: KiB of memory, and passes over it. */
export interface Cost {
  memoryCost: number
  timeCost: number
}

/** argon2id, 19 MiB, two passes, one lane: OWASP's first choice; some 14 ms on a thread of its own. */
const FULL: Cost = { memoryCost: 19_456, timeCost: 2 }
const ARGON2ID = { algorithm: 2, parallelism: 1 }
/** Hashing beyond this many at once only fights the event loop for the two cores of a small machine. */
const AT_ONCE = 2

/** What can be wrong with a new one, as codes of the texts. */
export type Weakness = 'password_short' | 'password_long' | 'password_common'

/** Hashes, compares and judges passwords; `ours` are the product's own words, which are no password either. One keyboard's "й" is two characters of another: texts are composed first. */
export function createPasswords(ours: readonly string[], cost = FULL) {
  const inTurn = queueOf(AT_ONCE)
  const commonest = once(readCommonest)
  const nobodys = once(() => hashOf('nobody has this password'))

  const hashOf = (password: string) =>
    inTurn(async () => (await argon2()).hash(password.normalize('NFC'), { ...ARGON2ID, ...cost }))

  return {
    hash: hashOf,
    /** Without a hash it still takes the time of a comparison, so that nobody learns which addresses exist. */
    async matches(password: string, stored: string | null | undefined): Promise<boolean> {
      const against = stored ?? (await nobodys())
      const same = await inTurn(async () =>
        (await argon2()).verify(against, password.normalize('NFC')),
      )
      return same && stored != null
    },
    /** What is wrong with a new password, as a code of the texts; undefined when it will do. No composition rules. */
    weakness(password: string, about: readonly string[] = []): Weakness | undefined {
      const text = password.normalize('NFC').toLowerCase()
      const length = lengthOf(password)
      if (length < SHORTEST) return 'password_short'
      if (length > LONGEST) return 'password_long'
      const listed = commonest().has(text) || commonest().has(inLatin(text))
      return listed || isGuessable(text, [...ours, ...COMMON, ...about])
        ? 'password_common'
        : undefined
    },
  }
}

/** Characters as a person counts them, near enough: an emoji is one, a composed letter is one. */
export const lengthOf = (password: string): number => Array.from(password.normalize('NFC')).length

/** Machine code of its own, loaded for the first password. */
const argon2 = () => import('@node-rs/argon2')

function queueOf(most: number) {
  const waiting: (() => void)[] = []
  let free = most
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1
    else await new Promise<void>((begin) => waiting.push(begin))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
