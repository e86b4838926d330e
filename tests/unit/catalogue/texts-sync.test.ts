import { describe, expect, test } from 'vitest'
import type { SyncText } from '../../../app/texts/text.ts'
import { PHOTO_FAILURES } from '../../../app/errors.ts'
import { MEANINGS, refusalOf } from '../../../app/providers/vk/market-errors.ts'
import { parameterCode } from '../../../app/providers/vk/market-fields.ts'
import { isSyncCode, SYNC_TEXTS } from '../../../app/texts/catalogue.ts'
import { gapsIn, LIMIT_GAPS, NAME_GAPS } from '../../support/gaps.ts'

const numbers = Object.keys(MEANINGS).map(Number)
const texts = Object.entries<SyncText>(SYNC_TEXTS)

test('every number of the manual has a meaning', () => {
  // docs/platforms/vk.md#calls-and-errors, one by one as the schema and the methods have them.
  const manual = [
    1, 3, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 36, 37,
    42, 43, 100, 101, 103, 104, 105, 106, 113, 114, 118, 121, 122, 125, 129, 200, 203, 204, 205,
    260, 1400, 1401, 1402, 1403, 1404, 1405, 1406, 1407, 1408, 1409, 1410, 1411, 1412, 1413, 1414,
    1415, 1416, 1417, 1418, 1419, 1421, 1423, 1424, 1425, 1426, 1429, 1431, 1432, 1433, 1434, 1435,
    1438, 1446, 1457, 1458, 1518, 1525, 1526, 2000, 3300, 3301, 3302, 3303, 3304, 3609,
  ]

  expect(numbers.filter((number) => !manual.includes(number))).toEqual([])
  expect(manual.filter((number) => !numbers.includes(number))).toEqual([])
})

test.each(PHOTO_FAILURES)('%s has words', (code) => {
  expect(code).toSatisfy(isSyncCode)
})

test.each(numbers)('error %d has words with a way out', (error_code) => {
  const { code, detail } = refusalOf({ error_code, error_msg: 'Something' })

  expect(detail).toBe(`ошибка ${error_code}`)
  expect(code).toSatisfy(isSyncCode)
  if (isSyncCode(code)) expect(SYNC_TEXTS[code].what).not.toBe('')
})

test.each([
  'nothing to change',
  'only groups supported',
  'photo not found or already assigned to another item',
  'photo is undefined',
  'failed to save crop photo',
  'name should be at least 4 letters length',
  'name is too long',
  'description is too long',
  'description should be at least 10 letters length',
  'category_id is incorrect',
  'price should be positive',
  'sku is too long',
  'stock_amount is incorrect',
  'title is empty',
  'whatever else',
])('error 100 «%s» has words', (message) => {
  expect(parameterCode(message)).toSatisfy(isSyncCode)
})

test('the code of a hidden list of communities has words', () => {
  expect('no_groups_right').toSatisfy(isSyncCode)
})

describe.each(texts)('%s', (_code, { title, why, what }) => {
  test('says what happened, why, and what to do', () => {
    expect(title).toMatch(/^(\{P\}|\{InP\}|[А-ЯЁ])[^"'!]*[^.]$/)
    for (const words of [why, what]) {
      expect(words).toMatch(/^(\{P\}|\{InP\}|\{again\}|[А-ЯЁ]).*\.$|^(\{again\}|.*\. \{\w+\})$/)
      expect(words).not.toMatch(/["'!]|пожалуйста|\u00a0|\s{2}/i)
      expect(words.split('«').length).toBe(words.split('»').length)
    }
  })

  test('leaves only gaps that pages fill', () => {
    expect(GAPS).toEqual(expect.arrayContaining([title, why, what].flatMap(gapsIn)))
  })
})

const GAPS = [
  ...['cause'],
  ...LIMIT_GAPS,
  ...[...NAME_GAPS, 'since', 'retryAt', 'group', 'store', 'album', 'message'],
  ...['again', 'otherwise', 'press', 'price', 'limit'],
  ...['done', 'total', 'before', 'after', 'n', 'w', 'h', 'kind', 'mp', 'most'],
]
