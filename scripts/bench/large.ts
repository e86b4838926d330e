import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createApp } from '../../app/app.ts'
import type { DatabaseConfig } from '../../app/config/database.ts'
import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { createLog } from '../../app/observe/log.ts'
import { platforms } from '../../app/providers/index.ts'
import { prepareDatabase } from '../../app/store/prepare.ts'
import { hearStatements } from '../../tests/support/heard-statements.ts'
import { openPlanner } from '../../tests/support/plans.ts'
import { startPostgres } from '../../tests/support/postgres.ts'
import { startChild } from './children.ts'
import { actsOf, sweepsOf } from './large/acts.ts'
import { isOver, lineOf, measure, type Measured } from './large/measure.ts'
import { pagesOf } from './large/pages.ts'
import { seed } from './large/seed.ts'
import { sizesOf } from './large/sizes.ts'
import { tick } from './large/tick.ts'

/**
 * Every page, job, claim, figure and sweep on a database of a hundred thousand people: CPU of the process, longest block of
 * its event loop, and what is read from end to end. `npm run bench:large -- --share 0.1 --engine sqlite --keep`: a tenth
 * of it, one engine, and the database stays for the next run. Promise: 25 ms of CPU, no block over 50 ms.
 */
const { values: wishes } = parseArgs({
  options: {
    share: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'both' },
    keep: { type: 'boolean', default: false },
    folder: { type: 'string', default: path.join(tmpdir(), 'evosync-large') },
    only: { type: 'string', default: '' },
    sweeps: { type: 'boolean', default: false },
    tick: { type: 'string', default: '15' },
  },
})
const share = Number(wishes.share)
const sizes = sizesOf(share)
const folder = path.join(wishes.folder, `share-${wishes.share}`)
/** Fixed: a database that is kept is opened again. */
const SECRETS = {
  SESSION_SECRET: 'bench-bench-bench-bench-bench-bench-1',
  TOKEN_KEYS: `bench:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
}

const platform = await startChild('slow-platform', ['5'])
/** These go on for as long as they take. */
const LONG = /^preparing|all products|export of|\.(csv|yml)$/
const results: Measured[] = []
for (const engine of ['sqlite', 'postgres'] as const)
  if (wishes.engine === 'both' || wishes.engine === engine) await run(engine)
const over = results.filter(isOver)
console.log(`${results.length} measured, ${over.length} over`)
platform.child.kill()
process.exit(over.length > 0 ? 1 : 0)

async function run(engine: 'sqlite' | 'postgres') {
  const own = path.join(folder, engine)
  mkdirSync(own, { recursive: true })
  const postgres = engine === 'postgres' ? await startPostgres(own) : undefined
  const database: DatabaseConfig = postgres
    ? { client: 'postgres', url: postgres.url }
    : { client: 'sqlite', file: path.join(own, 'large.sqlite') }
  const ends = {
    ...{ VK_CLIENT_ID: '1', VK_CLIENT_SECRET: '2' },
    VK_API_URL: `http://127.0.0.1:${String(platform.said)}/method`,
  }
  const config = {
    ...loadConfig({ ...SECRETS, ...ends }, platforms),
    database,
  }
  const { heard, stop } = hearStatements() // before the drivers connect
  const ctx = createContext(config, { log: createLog('error') })
  const waiting = { waitMs: 10_000, log: ctx.log }
  await prepareDatabase(ctx.db, database, ctx.vault, waiting)
  console.log(`${engine}, ${JSON.stringify(sizes)}`)
  if (await ctx.users.isEmpty()) await seed(ctx, sizes)

  const planner = await openPlanner(database, true)
  const server = createServer(createApp(ctx)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  console.log(
    `${''.padEnd(44)}${['CPU', 'block', 'work', 'wall'].map((one) => one.padStart(9)).join('')}  ms`,
  )
  const start: [string, () => Promise<unknown>] = [
    'preparing the database at a start',
    () => prepareDatabase(ctx.db, database, ctx.vault, waiting),
  ]
  for (const [name, work] of [start, ...actsOf(ctx), ...(await pagesOf(ctx, origin, sizes))])
    await told(name, work, { long: LONG.test(name) })
  if (wishes.sweeps)
    for (const [name, work] of sweepsOf(ctx)) await told(name, work, { rounds: 1, long: true })
  if (Number(wishes.tick) > 0) await tick(ctx, Number(wishes.tick))

  async function told(
    name: string,
    work: () => Promise<unknown>,
    how: { rounds?: number; long?: boolean },
  ) {
    if (!name.includes(wishes.only)) return
    const one = await measure(name, work, { heard, planner }, how)
    results.push(one)
    console.log(lineOf(one))
  }

  stop()
  planner.close()
  server.closeAllConnections()
  server.close()
  await ctx.close()
  postgres?.stop()
  if (!wishes.keep) rmSync(own, { recursive: true, force: true })
}
