import { SourceMap } from 'node:module'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import { openSourceMap } from '../../scripts/source-map.js'

const SOURCE = `
export function outer(value: number): string {
  const shown = \`\${value} рублей\`

  return inner(shown.length > 3 ? shown : 'нет')
}
export const inner = (text: string): string => text.toUpperCase().split('').toReversed().join('-')
${Array.from({ length: 40 }, (_, number) => `export const n${number} = (a: number) => a * ${number}`).join('\n')}
`

test.each([true, false])('every place is found where Node finds it, on one line or many', (one) => {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: 'app/texts.ts',
    minifyWhitespace: one,
  })
  const ours = openSourceMap(JSON.parse(map) as { mappings: string; sources: string[] })
  const nodes = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0])

  for (const [line, text] of code.split('\n').entries()) {
    for (const column of text.split('').keys()) {
      const theirs = nodes.findEntry(line, column)
      if (!('originalSource' in theirs)) continue
      expect(ours(line, column)).toEqual({
        source: theirs.originalSource,
        line: theirs.originalLine,
        column: theirs.originalColumn,
      })
    }
  }
})

test('a place before the first, or of no line, is nowhere', () => {
  const find = openSourceMap({ mappings: ';EAAA', sources: ['a.ts'] })

  expect(find(0, 0)).toBeUndefined()
  expect(find(1, 1)).toBeUndefined()
  expect(find(1, 2)).toEqual({ source: 'a.ts', line: 0, column: 0 })
  expect(find(7, 0)).toBeUndefined()
})
