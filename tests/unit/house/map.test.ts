import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, readSources, ROOT, type Sources } from './sources.ts'

const page = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8')
const files = ['app', 'views', 'public', 'db', 'scripts', 'tests', 'docs'].flatMap(filesUnder)

describe('the map in CONTRIBUTING.md', () => {
  test('there is a house to look at', () => {
    expect(foldersOf(files)).toEqual(expect.arrayContaining(['app/', 'app/web/kit/', 'docs/']))
    expect(pathsIn(page).length).toBeGreaterThan(100)
  })

  test('has a line for every folder, and one only', () => {
    expect(foldersWithoutLine(page, files)).toEqual([])
    expect(foldersWithTwoLines(page)).toEqual([])
  })

  test('every path the page names is there', () => {
    expect(pathsInVain(page, (one) => existsSync(path.join(ROOT, one)))).toEqual([])
  })
})

describe('rooms stay readable', () => {
  test('no folder has more than forty files side by side', () => {
    expect(crowdedFolders(files)).toEqual([])
  })

  test('no file of the app is long without a reason', () => {
    expect(longWithoutReason(readSources('app'))).toEqual([])
  })

  test('no reason outlives its file', () => {
    const long = longFiles(readSources('app'))

    expect(REASONS.filter(([name]) => !long.some((file) => name.test(file)))).toEqual([])
  })
})

describe('the checker itself', () => {
  const map =
    '| `app/` | the shell |\n| `app/web/` | pages, see `app/web/page.ts` and `app/gone/` |'

  test('a folder without a line is found, however deep its files are', () => {
    const there = ['app/server.ts', 'app/web/page.ts', 'app/flows/runs/start.ts']

    expect(foldersWithoutLine(map, there)).toEqual(['app/flows/', 'app/flows/runs/'])
  })

  test('a folder that only a sentence names has no line', () => {
    expect(foldersWithoutLine('See `app/`.', ['app/server.ts'])).toEqual(['app/'])
  })

  test('a folder with two lines is found', () => {
    expect(foldersWithTwoLines(`${map}\n| \`app/\` | once more |`)).toEqual(['app/'])
  })

  test.each([
    ['`app/gone.ts`', ['app/gone.ts']],
    ['`app/gone/`', ['app/gone/']],
    ['`.env.example`', ['.env.example']],
    ['`README.md`', ['README.md']],
    ['npx vitest run tests/gone.test.ts', ['tests/gone.test.ts']],
    ['`ROUNDINGS`, `/api/v1`, `.tile-<key>`, `npm run check`, `app.ts`', []],
  ])('%s', (text, gone) => {
    expect(pathsInVain(text, () => false)).toEqual(gone)
    expect(pathsInVain(text, () => true)).toEqual([])
  })

  test('one file too many is found, and two folders may have more', () => {
    const many = (folder: string, count: number) =>
      Array.from({ length: count }, (_, number) => `${folder}/${number}.ts`)

    expect(crowdedFolders([...many('app/web', 40), ...many('app/web/kit', 30)])).toEqual([])
    expect(crowdedFolders(many('app/web', 41))).toEqual(['app/web: 41'])
    expect(crowdedFolders([...many('app/store', 90), ...many('tests/store', 90)])).toEqual([])
  })

  test('one line too many is found', () => {
    const lines = (count: number) => 'a\n'.repeat(count)

    expect(longWithoutReason(new Map([['app/a.ts', lines(LONGEST)]]))).toEqual([])
    expect(longWithoutReason(new Map([['app/a.ts', lines(LONGEST + 1)]]))).toEqual(['app/a.ts'])
    expect(longWithoutReason(new Map([['app/errors.ts', lines(LONGEST + 1)]]))).toEqual([])
  })
})

const MOST_FILES = 40
/** Sorted by first words, which are subjects; and `tests/unit`, where they are those of rooms. */
const MAY_BE_CROWDED = new Set(['app/store', 'tests/store', 'tests/unit', 'docs/decisions'])

const LONGEST = 220
/** Files that may be longer, and why they are not better off in two. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^app\/texts\/cards\.ts$/, 'sentences of one voice, looked up by code'],
  [
    /^app\/store\/(tables|sync-(goods|items|links|runs|steps))\.ts$/,
    'all that is said to one table',
  ],
  [/^app\/errors\.ts$/, 'every failure we expect, side by side'],
]

/** Folders of files, each with those it stands in; a slash at their end. */
function foldersOf(names: readonly string[]): string[] {
  const folders = names.flatMap((name) => {
    const parts = name.split('/').slice(0, -1)
    return parts.map((_, depth) => `${parts.slice(0, depth + 1).join('/')}/`)
  })
  return [...new Set(folders)].sort()
}

/** Folders at the beginning of a line of a table. */
const linesIn = (text: string): string[] =>
  [...text.matchAll(/^\| `([^`]+\/)` +\|/gm)].map(([, folder = '']) => folder)

function foldersWithoutLine(text: string, names: readonly string[]): string[] {
  const lines = new Set(linesIn(text))
  return foldersOf(names).filter((folder) => !lines.has(folder))
}

const foldersWithTwoLines = (text: string): string[] =>
  linesIn(text).filter((folder, at, all) => all.indexOf(folder) < at)

/** Paths from the root, in code of a line and in blocks of commands; links are followed by another test. */
function pathsIn(text: string): string[] {
  const inside = /(?<![\w./-])(?:app|views|public|db|scripts|tests|docs)\/[\w./-]*/g
  const atRoot = /(?<=`)(?:\.[a-z][\w.-]+(?![\w<-])|[A-Z]{2,}[\w.]*\.md|\w+\.json)(?=`)/g
  return [...text.matchAll(inside), ...text.matchAll(atRoot)].map(([one]) => one)
}

const pathsInVain = (text: string, exists: (name: string) => boolean): string[] =>
  pathsIn(text).filter((one) => !exists(one))

function crowdedFolders(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) {
    const folder = path.posix.dirname(name)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([folder, count]) => count > MOST_FILES && !MAY_BE_CROWDED.has(folder))
    .map(([folder, count]) => `${folder}: ${count}`)
}

const longFiles = (sources: Sources): string[] =>
  [...sources].flatMap(([file, text]) => (text.split('\n').length - 1 > LONGEST ? [file] : []))

const longWithoutReason = (sources: Sources): string[] =>
  longFiles(sources).filter((file) => !REASONS.some(([name]) => name.test(file)))
