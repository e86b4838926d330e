import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { declared, PER_REQUEST } from '../../../scripts/young-functions.ts'
import { functionsAssigned, readSources, type Sources } from './sources.ts'

/** V8 makes them in its old generation, where they keep all they see: see scripts/young-functions.ts. */
test('no function of ours is written where it is assigned to a property', () => {
  expect(assignedIn(readSources('app'))).toEqual([])
})

test.each([
  ['res.send = (body) => body', 'res.send'],
  ["runner['run'] = function () {}", "runner['run']"],
])('«%s» is found', (line, name) => {
  expect(assignedIn(new Map([['app/web/a.ts', line]]))).toEqual([`app/web/a.ts: ${name}`])
})

test.each(['const send = (body) => body', 'res.send = packing(res)', 'const a = { send() {} }'])(
  '«%s» is none',
  (line) => {
    expect(assignedIn(new Map([['app/web/a.ts', line]]))).toEqual([])
  },
)

describe('middleware of others', () => {
  test('has its functions declared, and does what it did', () => {
    const code = 'res.end = function end(chunk) {\n  return chunk + 1\n}\n'
    const res: { end?: (chunk: number) => number } = {}

    runInNewContext(`{ ${declared(code)} }`, { res })

    expect(declared(code)).toBe('res.end = end; function end(chunk) {\n  return chunk + 1\n}\n')
    expect(res.end?.(1)).toBe(2)
  })

  test.each(PER_REQUEST)('%s has such functions, and none is left', (name) => {
    const file = createRequire(import.meta.url).resolve(name)
    const code = readFileSync(file, 'utf8')

    expect(perRequest(file, code)).not.toEqual([])
    expect(perRequest(file, declared(code))).toEqual([])
  })

  test('a prototype’s methods, which are made once, stay as they are', () => {
    const code = 'Session.prototype.touch = function touch() {}\nstore.generate = function (req) {}'

    expect(declared(code)).toBe(code)
  })
})

const perRequest = (file: string, code: string) =>
  functionsAssigned(file, code).filter((name) => /^(req|res)\./.test(name))

const assignedIn = (files: Sources) =>
  [...files].flatMap(([file, text]) =>
    functionsAssigned(file, text).map((name) => `${file}: ${name}`),
  )
