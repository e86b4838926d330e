import { expect, test } from 'vitest'
import { scrape } from '../../app/flows/scrape.ts'
import { addConnected, openContext, openWith } from './context.ts'
import { openLine } from './engine/line.ts'

test('a database that is away costs its own figures, not the page', async () => {
  const ctx = await openContext('postgres')
  await addConnected(ctx)
  const lost = openWith({ ...ctx.config, database: (await openLine()).config })

  const [here, gone] = [await scrape(ctx), await scrape(lost)]

  expect(here).toMatch(/^evosync_database_up 1$/m)
  expect(here).toMatch(/^evosync_connections\{/m)
  expect(gone).toMatch(/^evosync_database_up 0$/m)
  expect(gone).not.toMatch(/^evosync_connections\{/m)
  expect(gone).toMatch(/^evosync_breaker_state\{/m)
})

test('a bug is no outage: it is not hidden behind a zero', async () => {
  const ctx = await openContext('sqlite')
  await ctx.db.schema.dropTable('health_changes')
  await ctx.db.schema.dropTable('check_counts')
  await ctx.db.schema.dropTable('connections')

  await expect(scrape(ctx)).rejects.toThrow('no such table')
})

test('two contexts of one process count apart', async () => {
  const [one, other] = [await openContext('sqlite'), await openContext('sqlite')]

  one.metrics.statusCache.inc({ result: 'hit' })

  expect(await scrape(one)).toContain('evosync_status_cache_total{result="hit"} 1')
  expect(await scrape(other)).not.toContain('evosync_status_cache_total{')
})
