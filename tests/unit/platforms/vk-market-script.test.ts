import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listsScript, literal, pagesScript, scriptOf } from '../../../app/providers/vk/script.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const nasty = fc.constantFrom(
  '"});return API.market.delete({"item_id":1',
  '\\',
  '\\"',
  '\u2028\u2029',
  '</script><!--',
  "'\n\r\t\0",
  '\ud800',
  '{"a":[1,2]}',
)

describe('a literal of VKScript', () => {
  test('is the same text when it is read back, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, nasty)), (parts) => {
        const text = parts.join('')

        expect(JSON.parse(literal(text))).toBe(text)
      }),
    )
  })

  test('ends where the text ends, on one line', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nasty), (text) => {
        const written = literal(text)

        // A quote that is not escaped would end it early.
        expect(written.slice(1, -1).replace(/\\./g, '')).not.toMatch(/["\\]/)
        // eslint's no-control-regex: code units instead of a class.
        expect(Array.from(written).every((sign) => sign >= ' ')).toBe(true)
        expect(written).not.toMatch(/[\u2028\u2029]|<\//)
      }),
    )
  })
})

test('calls stand in an array, in their order', () => {
  const script = scriptOf([
    { method: 'market.edit', params: { owner_id: -100, item_id: 1, name: 'Чай "Слон"' } },
    { method: 'market.delete', params: { owner_id: -100, item_id: 2 } },
  ])

  expect(script).toBe(
    'return [API.market.edit({"owner_id":-100,"item_id":1,"name":"Чай \\"Слон\\""}),' +
      'API.market.delete({"owner_id":-100,"item_id":2})];',
  )
})

test('of pages only what is wanted is asked for', () => {
  const calls = [{ method: 'market.getById', params: { item_ids: '-100_1' } }]

  expect(pagesScript(calls, { amount: '@.price@.amount' })).toContain(
    'pages.push({"count":page.count,"amount":page.items@.price@.amount});',
  )
  expect(pagesScript(calls, undefined)).toContain('pages.push(page);')
})

test('a list is read from where the last request ended', () => {
  const stretch = { method: 'market.get', params: { owner_id: -100 }, columns: undefined }

  expect(listsScript([{ ...stretch, offset: 2000, size: 200, pages: 10 }])).toContain(
    'left=10;offset=2000;while(left>0){page=API.market.get({"owner_id":-100,"count":200,"offset":offset});',
  )
})
