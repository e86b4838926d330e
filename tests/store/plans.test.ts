import { describe, expect, onTestFinished, test } from 'vitest'
import { ENGINES } from '../support/databases.ts'
import { openPlanner } from '../support/plans.ts'
import { hearStatements } from '../support/heard-statements.ts'
import { addPair } from './catalogue/sync-scene.ts'
import { callsOf, sessionCallsOf } from './every-call.ts'
import { goodsCallsOf } from './every-call-of-goods.ts'
import { addConnected, openContext } from './context.ts'

/** Tables that do not grow with people, time or goods. */
const SMALL =
  /^(backups|custom_providers|platform_settings|platform_outages|vault_canaries|knex_migrations|connection_counts|pragma_\w+|CONSTANT|clock|some)\b/

/** What is read broadly on purpose, by how it begins. */
const MEANT: readonly (readonly [start: string, why: string])[] = [
  ['select id from users limit', 'whether there is anybody'],
  ['select * from users order by id', 'a page of the list, in the order of its key'],
  ['select * from invitations where expires_at', 'those that wait, in the order of its key'],
  ['select events.id, at, event', 'the newest of the journal, in the order of its key'],
  [
    'select count(distinct user_id) as count from identities',
    'an administrator removes a platform',
  ],
  ['select user_id from connections where provider = ? limit', 'the same, some at a time'],
  ['delete from connection_attempts where id in (select id from', 'the same'],
  ['delete from connections where provider', 'what an earlier platform of a new key has left'],
  ['delete from connection_attempts where provider', 'the same'],
  ['delete from sign_in_attempts where provider', 'the same'],
  ['delete from identities where provider', 'the same'],
  ['delete from custom_providers', 'whether anybody is connected'],
  ['update custom_providers', 'the same'],
  ['select product_id, min(', 'products of a till with several windows, each once'],
  ['update notices set', 'what is to be told, in the order it is claimed'],
]

describe.each(ENGINES)('Statements of the stores on %s', (engine) => {
  test('find their rows by an index: none reads a growing table from end to end', async () => {
    const ctx = await openContext(engine)
    const { heard, stop } = hearStatements()
    const planner = await openPlanner(ctx.config.database)
    onTestFinished(stop)
    onTestFinished(planner.close)
    const connection = await addConnected(ctx)
    const scene = { ctx, connection, link: await addPair(ctx, connection.userId) }

    const stores = [...Object.values(callsOf(scene)), ...Object.values(goodsCallsOf(scene))]
    for (const call of [
      ...stores.flatMap((calls) => Object.values(calls)),
      ...sessionCallsOf(scene),
    ])
      await call()

    const broad: string[] = []
    for (const said of heard.values()) {
      const scans = (await planner.scansOf(said)).filter((scan) => !SMALL.test(scan))
      if (scans.length > 0 && !MEANT.some(([start]) => plain(said.sql).startsWith(start)))
        broad.push(`${scans.join(', ')}: ${plain(said.sql)}`)
    }
    expect(broad).toEqual([])
    expect(heard.size).toBeGreaterThan(200)
  })
})

/** Without the quotes either engine has its own of. */
const plain = (sql: string) => sql.replaceAll(/["`]/g, '')
