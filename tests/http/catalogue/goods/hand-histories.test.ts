import { test } from 'vitest'
import { liveThrough } from '../../../support/catalogue/histories.ts'

test('what is set by hand is never lost, nor shown on a card of another: seeds 1001 to 1060', async () => {
  await liveThrough(1001, 60, { byHand: true })
}, 600_000)
