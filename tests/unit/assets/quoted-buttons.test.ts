import { expect, test } from 'vitest'
import { textsIn } from './texts.ts'

/** What people are told to press on pages of ours; words of platforms name buttons of theirs as well. */
const TOLD = /(?:нажмите|кнопк[а-я]+)\s+«([^»]+)»/giu
/** Whatever stands in a gap: of a text, of a string, of a view. */
const GAP = /\{[^}]*\}|\$\{[^}]*\}|<%[=-](?:[^%]|%[^>])*%>/g

const SPEAKERS = ['views', 'app/texts', 'app/web', 'app/flows']

test('every button that people are told to press is there', () => {
  const told = [...textsIn(...SPEAKERS)].flatMap(([file, text]) =>
    [...text.matchAll(TOLD)].map(([, button = '']) => ({ file, button: plain(button) })),
  )
  const labels = labelsOfPages()

  expect(told.length).toBeGreaterThan(8)
  expect(told.filter(({ button }) => !labels.some((label) => reads(label, button)))).toEqual([])
})

test('a button nobody has is found', () => {
  const labels = labelsOfPages()

  expect(labels.some((label) => reads(label, 'Подключить …'))).toBe(true)
  expect(labels.some((label) => reads(label, 'Перечитать каталог'))).toBe(false)
})

/** What stands on buttons, and on links and folds that look like them. */
function labelsOfPages(): string[] {
  const views = [...textsIn('views').values()].flatMap((text) =>
    [
      ...text.matchAll(
        /<(button|a class="btn|summary)(?:<%(?:[^%]|%[^>])*%>|[^>])*>([^]*?)<\/(?:button|a|summary)>/g,
      ),
    ].map(([, , label = '']) => plain(label)),
  )
  const code = [...textsIn('app/web', 'app/texts').values()].flatMap((text) =>
    [...text.matchAll(/(?:label|button|connect): ['`]([^'`]+)['`]/g)].map(([, label = '']) =>
      plain(label),
    ),
  )
  return [...views, ...code].filter((label) => /^[^…]*\p{L}{3}/u.test(label))
}

const plain = (text: string): string =>
  text
    .replace(/<%- icon\([^)]*\) %>|<span class="visually-hidden">[^]*?<\/span>|<%[^=-][^]*?%>/g, '')
    .replace(GAP, '…')
    .replace(/\s+/g, ' ')
    .trim()

/** A gap of either stands for any words; one that is nothing but a gap is filled by a label. */
function reads(label: string, told: string): boolean {
  if (told === '…') return true
  const pattern = label.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return (
    new RegExp(`^${pattern.join('.+')}( .+)?$`, 'u').test(told) || label.startsWith(`${told} …`)
  )
}
