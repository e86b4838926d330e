import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, ROOT, type Sources } from './sources.ts'

const pages = readAll(['.', 'docs'], /^(?!node_modules\/)[^.].*\.md$/)
const code = readAll(['app', 'db', 'scripts', 'tests', 'views'], /\.(ts|js|ejs)$/)
code.delete('tests/unit/house/citations.test.ts') // cites what is not there, on purpose

describe('what is referred to is there', () => {
  test('there is something to look at', () => {
    expect([...pages.keys()]).toEqual(expect.arrayContaining(['README.md', 'docs/platforms/vk.md']))
    expect(code.size).toBeGreaterThan(400)
    expect(citationsIn(code.get('app/providers/vk/letters.ts') ?? '')).toEqual([
      'docs/platforms/vk.md#cards',
    ])
  })

  test('by comments: pages, and chapters of pages', () => {
    expect(citedInVain(code, pages)).toEqual([])
  })

  test('by pages: files, pages, chapters', () => {
    expect(linkedInVain(pages, (file) => existsSync(path.join(ROOT, file)))).toEqual([])
  })
})

describe('the checker itself', () => {
  const known = new Map([['docs/a.md', '# Of a till\n\n## Goods & groups, `since`\n']])

  test.each([
    ['/** Of a till (docs/a.md#goods--groups-since). */', []],
    ['/** Of a till (docs/a.md). */', []],
    ['/** Of a till (a.md §2). */', ['x.ts → a.md']],
    ['// docs/a.md#groups', ['x.ts → docs/a.md#groups']],
    ['// docs/gone.md', ['x.ts → docs/gone.md']],
  ])('«%s»', (line, faults) => {
    expect(citedInVain(new Map([['x.ts', line]]), known)).toEqual(faults)
  })

  test.each([
    ['[a](a.md) [b](#here) [c](../README.md "c") [d](https://evosync.example/a.md)', []],
    ['[a](a.md#nowhere)', ['docs/b.md → docs/a.md#nowhere']],
    ['[b](#nowhere)', ['docs/b.md → docs/b.md#nowhere']],
    ['![c](c.png)', ['docs/b.md → docs/c.png']],
    ['```\n[c](c.png)\n```', []],
  ])('«%s»', (line, faults) => {
    const planted = new Map([...known, ['docs/b.md', `# Here\n\n${line}\n`]])

    expect(linkedInVain(planted, (file) => planted.has(file) || file === 'README.md')).toEqual(
      faults,
    )
  })
})

function readAll(folders: readonly string[], name: RegExp): Map<string, string> {
  const files = folders.flatMap((folder) => filesUnder(folder)).filter((file) => name.test(file))
  return new Map(files.map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')]))
}

/** Pages that a comment names, with the chapter if it names one. */
const citationsIn = (text: string): string[] =>
  text.match(/(?<![\w./-])(?:(?:\.\.\/)+)?[\w/-]+\.md(#[\w-]+)?(?![\w(])/g)?.map(fromTheRoot) ?? []

const fromTheRoot = (cited: string): string => cited.replace(/^(\.\.\/)+/, '')

function citedInVain(files: Sources, known: Sources): string[] {
  return [...files].flatMap(([file, text]) =>
    citationsIn(text)
      .filter((cited) => !leadsTo(cited, known))
      .map((cited) => `${file} → ${cited}`),
  )
}

function linkedInVain(all: Sources, exists: (file: string) => boolean): string[] {
  return [...all].flatMap(([file, text]) =>
    linksIn(text)
      .map((link) => fromRoot(file, link))
      .filter((link) => !(link.includes('#') ? leadsTo(link, all) : exists(link)))
      .map((link) => `${file} → ${link}`),
  )
}

const linksIn = (text: string): string[] =>
  [...text.replace(/```.*?```/gs, '').matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^\w+:/.test(link))

const fromRoot = (file: string, link: string): string =>
  link.startsWith('#') ? file + link : path.posix.join(path.posix.dirname(file), link)

function leadsTo(cited: string, known: Sources): boolean {
  const [page = '', chapter] = cited.split('#')
  const text = known.get(page)
  return text !== undefined && (chapter === undefined || chaptersOf(text).has(chapter))
}

/** Anchors as GitHub makes them of headings. */
const chaptersOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
