import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { createDescriptors } from '../../../app/observe/descriptors.ts'
import { watchDescriptors } from '../../../app/serve.ts'

const SECOND_MS = 1000

test('the log has a line when descriptors run out, one a minute while it lasts, one when it is over', () => {
  const { said, pass } = watched()

  pass(10, () => false)
  pass(150, () => true)
  pass(30, () => false)

  expect(said).toEqual([
    '10 out_of_file_descriptors',
    '70 out_of_file_descriptors',
    '130 out_of_file_descriptors',
    '162 file_descriptors_again',
  ])
})

test('one that is free now and then is no end of it', () => {
  const { said, pass } = watched()

  pass(59, (second) => second % 3 === 0)

  expect(said).toEqual(['0 out_of_file_descriptors'])
})

test('running out once more is said at once', () => {
  const { said, pass } = watched()

  pass(30, (second) => second % 10 === 0)

  expect(said.filter((line) => line.endsWith('out_of_file_descriptors'))).toHaveLength(3)
})

test('another failure is not it', () => {
  const { said, pass } = watched('EACCES')

  expect(pass(1, () => true)).toBe(false)
  expect(said).toEqual([])
})

test('a server that cannot take a visitor says so once and goes on', () => {
  const { said, descriptors, log, runOut } = watched()
  const server = createServer()
  const unwatch = watchDescriptors(server, { descriptors, log })
  runOut()

  const refused = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' })
  for (let times = 0; times < 100; times += 1) server.emit('error', refused)
  unwatch()

  expect(said).toEqual(['0 out_of_file_descriptors'])
})

/** Looks once a second, as the server does. */
function watched(code = 'EMFILE') {
  const said: string[] = []
  let [second, exhausted] = [0, false]
  const say = (event: string) => said.push(`${second} ${event}`)
  const log = { debug: say, info: say, warn: say, error: say }
  const steady = () => second * SECOND_MS
  const descriptors = createDescriptors(log, { wall: steady, steady }, () => {
    if (exhausted) throw Object.assign(new Error(code), { code })
  })

  return {
    said,
    descriptors,
    log,
    runOut: () => {
      exhausted = true
    },
    /** What the last look said. */
    pass: (seconds: number, isExhausted: (second: number) => boolean): boolean => {
      let seen = false
      for (let left = seconds; left > 0; left -= 1, second += 1) {
        exhausted = isExhausted(second)
        seen = descriptors.exhausted()
      }
      return seen
    },
  }
}
