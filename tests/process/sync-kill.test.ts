import { expect, onTestFinished, test } from 'vitest'
import { createDice } from '../support/dice.ts'
import { openKillScene } from '../support/catalogue/killed-runs.ts'

test('kill -9 in a first load and among edits: the next process goes on within five seconds, no card is there twice', async () => {
  const scene = await openKillScene({ products: 60, pace: 25, quietMs: 1_000 })
  onTestFinished(() => scene.close())
  const dice = createDice(5)
  const random = () => dice.below(1000) / 1000

  const first = await scene.run(3, random)
  await scene.slowly()
  scene.raise()
  const edits = await scene.run(2, random)

  for (const run of [first, edits])
    expect(run).toMatchObject({ state: 'done', failed: 0, cards: 60, twice: 0 })
  const resumed = [...first.resumedMs, ...edits.resumedMs]
  expect(resumed.length).toBeGreaterThanOrEqual(4)
  // A machine so busy that nothing begins sooner says nothing of the lease.
  const within = Math.max(5_000, 5 * Math.max(first.begunMs, edits.begunMs))
  expect(Math.max(...resumed)).toBeLessThan(within)
})
