import { describe, expect, test } from 'vitest'
import { createLog } from '../../../app/observe/log.ts'
import { isTaken, isUnavailable } from '../../../app/store/db-errors.ts'
import { ENGINES } from '../../support/databases.ts'
import { addPerson, openContext } from '../context.ts'

const SECRET = 'hash-canary-77c1'

describe.each(ENGINES)('A statement that fails on %s', (engine) => {
  test.each<[string, Record<string, unknown>]>([
    ['a value that is missing', { name: null }],
    ['a value that is taken', { email: 'marina@example.ru' }],
    ['a column that does not exist', { password: SECRET }],
  ])('names no value it was given: %s', async (_what, wrong) => {
    const ctx = await openContext(engine)
    await addPerson(ctx, 'marina')

    const failure = await failureOf(ctx.db('users').insert({ ...ROW, ...wrong }))

    expect(failure.message).toContain('insert into')
    expect(`${failure.message} ${failure.stack ?? ''}`).not.toContain(SECRET)
    expect(logged(failure)).toContain('insert into')
    expect(logged(failure)).not.toMatch(new RegExp(`${SECRET}|marina`))
  })

  test('nor does an update, nor a question', async () => {
    const ctx = await openContext(engine)
    await addPerson(ctx, 'marina')

    const update = await failureOf(
      ctx
        .db('users')
        .update({ password_hash: SECRET, ...NAMELESS })
        .where({ email: MARINA }),
    )
    const question = await failureOf(ctx.db('users').where('no_such_column', SECRET))

    expect([update.message, question.message].join(' ')).not.toMatch(
      new RegExp(`${SECRET}|${MARINA}`),
    )
  })

  test('is told apart: a taken value is no outage', async () => {
    const ctx = await openContext(engine)
    await addPerson(ctx, 'marina')

    const taken = await failureOf(ctx.db('users').insert({ ...ROW, email: MARINA }))
    const missing = await failureOf(ctx.db('users').insert({ ...ROW, ...NAMELESS }))

    expect([isTaken(taken), isTaken(missing)]).toEqual([true, false])
    expect([isUnavailable(taken), isUnavailable(missing)]).toEqual([false, false])
  })
})

const MARINA = 'marina@example.ru'
/** What no type would let through. */
const NAMELESS: Record<string, unknown> = { name: null }

const ROW = {
  email: 'oleg@example.ru',
  name: 'Олег',
  password_hash: SECRET,
  role: 'owner' as const,
  created_at: new Date(),
  updated_at: new Date(),
}

async function failureOf(statement: PromiseLike<unknown>): Promise<Error> {
  try {
    await statement
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('the statement did not fail')
}

/** The line our log would write about it. */
function logged(error: Error): string {
  let written = ''
  const log = createLog('error', { write: (line: string) => void (written += line) })
  log.error('request_failed', { error })
  return written
}
