import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sideBySide } from '../../../app/providers/side-by-side.ts'

const CALM = { isCalm: () => true }
const TRIED = { isCalm: () => false }

test('two questions are under way together', async () => {
  const { ask, steps } = scene()

  expect(await sideBySide(CALM, ask('who', 20), ask('rights', 5))).toEqual(['who', 'rights'])

  expect(steps).toEqual(['who?', 'rights?', 'rights!', 'who!'])
})

test('a platform that is tried after an outage is asked one thing at a time', async () => {
  const { ask, steps } = scene()

  await sideBySide(TRIED, ask('who', 5), ask('rights', 5))

  expect(steps).toEqual(['who?', 'who!', 'rights?', 'rights!'])
})

test.each([
  ['both', 20, 5, 'who'],
  ['the second', undefined, 5, 'rights'],
])('when %s fail, the first of them is to blame', async (_, first, second, blamed) => {
  const fail = (name: string, ms?: number) => async () => {
    await pause(ms ?? 0)
    if (ms !== undefined) throw new Error(name)
  }

  const asked = sideBySide(CALM, fail('who', first), fail('rights', second))

  await expect(asked).rejects.toThrow(blamed)
})

function scene() {
  const steps: string[] = []
  const ask = (name: string, ms: number) => async () => {
    steps.push(`${name}?`)
    await pause(ms)
    steps.push(`${name}!`)
    return name
  }
  return { ask, steps }
}
