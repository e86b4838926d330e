import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SessionStore } from '../../app/store/sessions.ts'
import { ENGINES } from '../support/databases.ts'
import { openContext } from './context.ts'
import { session } from './session.ts'

type Done = (error?: unknown) => void

const CALLS: [string, (store: SessionStore, done?: Done) => void][] = [
  ['saving', (store, done) => store.set('sid', session(), done)],
  ['visiting', (store, done) => store.touch('sid', session(), done)],
  ['ending', (store, done) => store.destroy('sid', done)],
]
const READING: (typeof CALLS)[number] = [
  'reading',
  (store, done) => store.get('sid', done ?? (() => undefined)),
]

describe.each(ENGINES)('When sessions cannot be stored on %s', (engine) => {
  test.each([...CALLS, READING])('%s says so once when the table is missing', async (_, call) => {
    const ctx = await openContext(engine)
    await ctx.db.schema.dropTable('sessions')

    const answers = await answersOf((done) => call(ctx.sessions, done))

    expect(answers).toEqual([expect.any(Error)])
  })

  test.each([...CALLS, READING])('%s says so once when the database is closed', async (_, call) => {
    const ctx = await openContext(engine)
    await ctx.close()

    const answers = await answersOf((done) => call(ctx.sessions, done))

    expect(answers).toEqual([expect.any(Error)])
  })

  test.each(CALLS)('%s that fails while nobody listens ends no process', async (_, call) => {
    const ctx = await openContext(engine)
    await ctx.db.schema.dropTable('sessions')
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)

    call(ctx.sessions)
    await answersOf((done) => ctx.sessions.get('sid', done))
    process.off('unhandledRejection', note)

    expect(unhandled).toEqual([])
  })
})

/** Everything a callback was told: waits for the first time, and a little for a second one that must not come. */
async function answersOf(call: (done: Done) => void): Promise<unknown[]> {
  const answers: unknown[] = []
  await new Promise<void>((answered) => {
    call((error) => {
      answers.push(error)
      answered()
    })
  })
  await pause(20)
  return answers
}
