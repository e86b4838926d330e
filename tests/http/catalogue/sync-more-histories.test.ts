import { test } from 'vitest'
import { liveThrough } from '../../support/catalogue/histories.ts'

test('after any history of edits, faults and deaths the community is as the till: 251 to 500', async () => {
  await liveThrough(251, 250)
}, 600_000)
