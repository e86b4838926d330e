import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../../app/store/db.ts'
import { freshDatabase } from '../../support/databases.ts'
import { openLine } from './line.ts'

/** As long as a busy server takes to let somebody in; longer than tarn would let one of its waiters wait for it. */
const DELAY_MS = 3_500

test('connections that open slowly cost nobody in the queue an answer', async () => {
  const line = await openLine(await freshDatabase('postgres'), 0, DELAY_MS)
  const db = openDb(line.config)
  onTestFinished(() => db.destroy())

  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => db.raw('select 1')))

  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([])
})
