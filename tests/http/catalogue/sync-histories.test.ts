import { test } from 'vitest'
import { liveThrough } from '../../support/catalogue/histories.ts'

test('after any history of edits, faults and deaths the community is as the till: 1 to 250', async () => {
  await liveThrough(1, 250)
}, 600_000)
