import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../root.ts'

/** Two signs over and over, or nothing but words everybody would try, digits and signs. */
export function isGuessable(text: string, words: readonly string[]): boolean {
  return new Set(text).size <= 2 || withoutKnown(text, words) === ''
}

/** The 3,000 most common passwords of at least twelve characters, after Mark Burnett's public list of ten million. */
export function readCommonest(): Set<string> {
  const file = path.join(ROOT, 'app/crypto/common-passwords.txt')
  return new Set(readFileSync(file, 'utf8').trim().split('\n'))
}

/** With digits and signs around them they are no password. */
export const COMMON = ['password', 'пароль', 'parol', 'admin', 'qwerty', 'йцукен', 'vkontakte']

function withoutKnown(text: string, words: readonly string[]): string {
  const known = words.map((word) => word.toLowerCase()).filter((word) => word.length > 2)
  const longestFirst = known.toSorted((a, b) => b.length - a.length)
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ''), text)
  return rest.replace(/[\d\s\p{P}\p{S}]/gu, '')
}

const RUSSIAN_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбюё'
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"

/** A Russian word typed on the Latin layout is the commonest disguise; this is the way back. */
export function inLatin(text: string): string {
  return Array.from(text, (sign) => LATIN_KEYS[RUSSIAN_KEYS.indexOf(sign)] ?? sign).join('')
}
