import { expect, onTestFinished, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { freePort, startPostgres } from '../support/postgres.ts'
import { startServer, tempFolder } from '../support/process.ts'
import { restartUnderLoad } from '../support/restarts.ts'

/** Twenty of them: `npm run bench:restarts`. */
const RESTARTS = 4

test('a database that is restarted under people signs nobody out and loses nothing', async () => {
  const postgres = await startPostgres()
  onTestFinished(() => {
    postgres.stop()
  })
  const port = String(await freePort())
  const settings = { PORT: port, DATABASE_URL: postgres.url, REGISTRATION: 'open' }
  const server = startServer(tempFolder(), { ...freshSecrets(), ...settings })
  await server.logged('listening')

  const seen = await restartUnderLoad(`http://localhost:${port}`, postgres, RESTARTS)

  expect(seen).toMatchObject({ strange: [], signedOut: 0, lost: 0 })
  expect(seen.answered).toBeGreaterThan(0)
  expect(seen.refused).toBeGreaterThan(0)
  expect(server.output()).not.toContain('"level":"error","event":"request_failed"')
})
