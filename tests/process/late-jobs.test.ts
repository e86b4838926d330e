import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../app/store/db.ts'
import { newPostgres } from '../support/databases.ts'
import { freePort } from '../support/postgres.ts'
import { databaseVariables, startServer, tempFolder } from '../support/process.ts'

const TOKEN = 'a-token-of-the-test-and-long-enough'

test('a job that hangs is named by /readyz and in the figures until it is seen again', async () => {
  const database = await newPostgres()
  const port = String(await freePort())
  const server = startServer(tempFolder(), {
    PORT: port,
    METRICS_TOKEN: TOKEN,
    ...databaseVariables({ database }),
  })
  await server.logged('listening')
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    return `${answer.status} ${await answer.text()}`
  }
  await expect.poll(() => ask('/readyz')).toBe('200 {"status":"ready"}')

  const db = openDb(database)
  onTestFinished(() => db.destroy())
  const holder = await db.transaction()
  await holder.raw('lock table sync_runs in access exclusive mode')

  await expect
    .poll(() => ask('/readyz'), { interval: 500 })
    .toBe('503 {"status":"jobs","late":["sync-catalogue"]}')
  await holder.rollback()

  expect(await ask('/metrics')).toMatch(
    /^evosync_job_last_tick_age_seconds\{task="sync-catalogue"\} \d/m,
  )
  await expect.poll(() => ask('/readyz')).toBe('200 {"status":"ready"}')
  expect(await ask('/metrics')).toMatch(/^evosync_job_late\{task="sync-catalogue"\} 0$/m)
})
