import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSources, ROOT } from './sources.ts'

const page = readFileSync(path.join(ROOT, 'docs/reliability.md'), 'utf8')
const tests = readSources('tests')
const FAULTS = Array.from({ length: 38 }, (_, nth) => `F${nth + 1}`)

describe('docs/reliability.md', () => {
  test('tells of every fault, once, and of a test for each', () => {
    expect(rowsOf(page).map(({ fault }) => fault)).toEqual(FAULTS)
    expect(rowsOf(page).filter(({ shown }) => shown.length === 0)).toEqual([])
  })

  test('names tests that are there', () => {
    expect(namedInVain(page)).toEqual([])
  })
})

test('a file that is not there and a title nobody has are found', () => {
  const row = (cell: string) => `| F1 | it breaks | it is mended | ${cell} |\n`

  expect(namedInVain(row('`tests/gone.test.ts` «a»'))).toEqual(['tests/gone.test.ts: a'])
  expect(namedInVain(row('`tests/process/crash.test.ts` «under load»'))).toHaveLength(1)
  expect(rowsOf(row('by nothing'))).toEqual([{ fault: 'F1', shown: [] }])
})

interface Row {
  fault: string
  shown: { file: string; title: string }[]
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (F\d+) +\|.*\|(.*)\|$/gm)].map(([, fault = '', cell = '']) => ({
    fault,
    shown: [...cell.matchAll(/`(tests\/[^`]+)` «([^»]+)»/g)].map(([, file = '', title = '']) => ({
      file,
      title,
    })),
  }))
}

const namedInVain = (text: string): string[] =>
  rowsOf(text)
    .flatMap(({ shown }) => shown)
    .filter(({ file, title }) => !holds(tests.get(file) ?? '', title))
    .map(({ file, title }) => `${file}: ${title}`)

/** As a whole text, however it is quoted. */
const holds = (text: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`))
