import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, readSources, ROOT, type Sources } from './sources.ts'

interface Entry {
  code: string
  term: string
  page: string
}

const entries = entriesOf(readFileSync(path.join(ROOT, 'docs/glossary.md'), 'utf8'))

describe('the glossary', () => {
  test('has some thirty words', () => {
    expect(entries.length).toBeGreaterThan(24)
    expect(entries).toContainEqual({ code: 'Album', term: 'collection', page: 'подборка' })
  })

  test('has each word once, in code, in the field and on pages', () => {
    expect(twice(entries)).toEqual([])
  })

  test('has words that are names in the code', () => {
    expect(namesNobodyUses(entries, readSources('app'))).toEqual([])
  })

  test('has words that people read', () => {
    expect(wordsNobodyReads(entries, textsShown())).toEqual([])
  })
})

describe('the checker itself', () => {
  const [album, shelf] = [
    { code: 'Album', term: 'collection', page: 'подборка' },
    { code: 'Shelf', term: 'collection', page: 'полка' },
  ]

  test('a line of a table is an entry, its head is none', () => {
    const table = '| in code | the field | on pages | meaning |\n| --- | --- | --- | --- |\n'

    expect(entriesOf(`${table}| \`Album\` | collection | подборка | cards |`)).toEqual([album])
  })

  test('two words for one thing are found', () => {
    expect(twice([album, shelf])).toEqual(['collection'])
    expect(twice([album, { ...shelf, term: 'shelf', page: '—' }])).toEqual([])
  })

  test('a word that stands in a comment alone is no name', () => {
    const planted = new Map([['app/a.ts', '/** Shelf */ interface Album {}']])

    expect(namesNobodyUses([album, shelf], planted)).toEqual(['Shelf'])
  })

  test('a word nobody reads is found, whatever its ending', () => {
    expect(wordsNobodyReads([album, shelf], 'Добавили в подборку')).toEqual(['полка'])
  })
})

function entriesOf(page: string): Entry[] {
  return [...page.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|/gm)].map(
    ([, code = '', term = '', word = '']) => ({ code, term, page: word }),
  )
}

function twice(all: readonly Entry[]): string[] {
  const words = all.flatMap(({ code, term, page }) => [code.toLowerCase(), term, page])
  return words.filter((word, at) => word !== '—' && isAgain(words, word, at))
}

/** A name in code may be the field's own. */
const isAgain = (words: readonly string[], word: string, at: number): boolean =>
  words.some((other, before) => before < at && before % 3 === at % 3 && other === word)

function namesNobodyUses(all: readonly Entry[], sources: Sources): string[] {
  const names = new Set([...sources.values()].flatMap(namesIn))
  const parts = new Set([...names].flatMap(partsOf))
  return all.map(({ code }) => code).filter((code) => !names.has(code) && !parts.has(code))
}

/** Words of the code without its comments. */
const namesIn = (text: string): string[] =>
  text.replace(/\/\*.*?\*\/|\/\/.*?$/gms, '').match(/\b[a-z]\w*/gi) ?? []

/** `RunLease` is of a run and of a lease. */
const partsOf = (name: string): string[] =>
  name.split(/(?=[A-Z])/).map((part) => part.toLowerCase())

/** Views, and Russian of the code, where what a person reads is kept. */
function textsShown(): string {
  const files = [...filesUnder('views'), ...filesUnder('app')].filter((file) =>
    /\.(ejs|ts)$/.test(file),
  )
  return files.map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n')
}

/** Endings change: a word is known by all but its last letter, or two of a long one. */
function wordsNobodyReads(all: readonly Entry[], shown: string): string[] {
  const text = shown.toLowerCase()
  return all
    .map(({ page }) => page)
    .filter((page) => page !== '—')
    .filter((page) => !page.split(' ').every((word) => text.includes(stemOf(word.toLowerCase()))))
}

const stemOf = (word: string): string =>
  word.length > 5 ? word.slice(0, -2) : word.length > 3 ? word.slice(0, -1) : word
