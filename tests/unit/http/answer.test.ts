import { expect, test } from 'vitest'
import { asObject, asText, badResponse, readJson } from '../../../app/http/answer.ts'

test('JSON of any kind is read and left for others to judge', () => {
  expect(readJson(answer('{"a":1}'))).toEqual({ a: 1 })
  expect(readJson(answer('null'))).toBeNull()
  expect(readJson(answer(' [1] '))).toEqual([1])
})

test.each(['', ' ', '{"a":', '<!doctype html><title>Captcha</title>', 'OK', '{"a":1}{"b":2}'])(
  '%j is a bad answer, and a temporary one',
  (text) => {
    expect(() => readJson(answer(text))).toThrow(
      expect.objectContaining({ code: 'bad_response', kind: 'temporary', outage: false }),
    )
  },
)

test('a bad answer is told without its body', () => {
  expect(() => readJson(answer('secret'))).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('secret') as string }),
  )
})

test('a bad answer keeps its status', () => {
  expect(badResponse('no items', answer('{}', 206))).toMatchObject({
    message: 'no items',
    status: 206,
    detail: 'HTTP 206',
  })
})

test.each([[[]], [null], [undefined], ['{}'], [1], [true]])('%j is no object', (value) => {
  expect(asObject(value)).toBeUndefined()
})

test('an object is one', () => {
  expect(asObject({ a: 1 })).toEqual({ a: 1 })
})

test.each([
  ['777', '777'],
  [777, '777'],
  [0, '0'],
  ['', undefined],
  [NaN, undefined],
  [Infinity, undefined],
  [null, undefined],
  [undefined, undefined],
  [true, undefined],
  [['777'], undefined],
  [{}, undefined],
])('%j is the text %j', (value, text) => {
  expect(asText(value)).toBe(text)
})

function answer(text: string, status = 200) {
  return { status, headers: {}, text }
}
