import { describe, expect, test } from 'vitest'
import type { Db } from '../../app/store/db.ts'
import { transact } from '../../app/store/transaction.ts'
import { ENGINES } from '../support/databases.ts'
import { openContext } from './context.ts'

const add = async (all: Db, key: string) => {
  await all('rate_limits').insert({ key, count: 1, resets_at: 1 })
}
const keysOf = (all: Db) => all('rate_limits').orderBy('key').pluck<string[]>('key')
const fail = () => {
  throw new Error('no')
}

describe.each(ENGINES)('A transaction on %s', (engine) => {
  test('is there as a whole or not at all, and sees its own writes', async () => {
    const { db } = await openContext(engine)

    const seen = await transact(db, async (all) => {
      await add(all, 'a')
      return await keysOf(all)
    })
    const failed = transact(db, async (all) => {
      await add(all, 'b')
      fail()
    })

    await expect(failed).rejects.toThrow('no')
    expect([seen, await keysOf(db)]).toEqual([['a'], ['a']])
  })

  test('within another it is a part that may fail alone', async () => {
    const { db } = await openContext(engine)

    await transact(db, async (all) => {
      await add(all, 'a')
      const inner = transact(all, async (part) => {
        await add(part, 'b')
        await part.raw('select * from nowhere')
      })
      await expect(inner).rejects.toThrow('nowhere')
      await all.transaction(async (part) => {
        await add(part, 'c')
      })
    })

    expect(await keysOf(db)).toEqual(['a', 'c'])
  })

  test('takes nothing any more when it is over, nor does a part of it', async () => {
    const { db } = await openContext(engine)
    const kept: Db[] = []

    await transact(db, async (all) => {
      kept.push(all)
      await transact(all, (part) => Promise.resolve(kept.push(part)))
    })
    await transact(db, async (other) => {
      for (const gone of kept) await expect(add(gone, 'late')).rejects.toThrow('is over')
      await add(other, 'a')
    })

    expect(await keysOf(db)).toEqual(['a'])
  })

  test('whoever listens to the database hears it once, and nobody is left listening', async () => {
    const { db } = await openContext(engine)
    const client = db.client as NodeJS.EventEmitter
    const before = client.listenerCount('query')
    const heard: string[] = []
    const hear = ({ sql }: { sql: string }) => heard.push(sql.slice(0, 6))
    db.on('query', hear)

    await transact(db, async (all) => {
      await all.schema.hasTable('users') // what few ask for is made anew
      heard.length = 0
      await add(all, 'a')
    })
    db.removeListener('query', hear)

    expect(heard).toEqual(['insert', 'COMMIT'])
    expect(client.listenerCount('query')).toBe(before)
  })

  test('one that could not be taken back costs its connection, not the next one’s work', async () => {
    const { db } = await openContext(engine)
    const client = db.client as { _query: (...asked: unknown[]) => Promise<unknown> }
    const { _query } = client
    client._query = (connection, query) =>
      (query as { sql: string }).sql === 'ROLLBACK'
        ? Promise.reject(new Error('gone'))
        : _query.call(client, connection, query)

    const failed = transact(db, async (all) => {
      await add(all, 'a')
      fail()
    })

    await expect(failed).rejects.toThrow('no')
    client._query = _query
    await transact(db, (all) => add(all, 'b'))
    expect(await keysOf(db)).toEqual(['b'])
  })
})
