import { describe, expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { startApp } from '../support/app.ts'
import { connectMany } from '../support/crowd.ts'
import { ENGINES } from '../support/databases.ts'
import { databaseVariables, run, tempFolder } from '../support/process.ts'
import { startVk } from '../support/simulators.ts'
import { checksDone } from '../support/checks.ts'

const CONNECTIONS = 80

describe.each(ENGINES)('A tick over two processes, on %s', (engine) => {
  test('checks each connection once', async () => {
    const vk = await startVk()
    vk.perSecond = 1000
    vk.fault('/method/users.get', { delay: 20 })
    const env = { ...vk.variables(), ...freshSecrets() }
    const app = await startApp({ engine, vk, env })
    await connectMany(app, vk, CONNECTIONS)

    const tick = String(Date.now())
    const variables = { ...env, ...databaseVariables(app.ctx.config) }
    const workers = [1, 2].map(() =>
      run('tests/process/check-worker.ts', tempFolder(), variables, [tick]),
    )
    const codes = await Promise.all(workers.map(({ ended }) => ended))

    expect(codes, workers.map((worker) => worker.output()).join()).toEqual([0, 0])
    expect(vk.count('/method/users.get')).toBe(CONNECTIONS)
    const owners = new Set(vk.asked.map(({ query }) => query.access_token))
    expect(owners.size).toBe(CONNECTIONS)
    expect(await checksDone(app.ctx)).toBe(CONNECTIONS)
  })
})
