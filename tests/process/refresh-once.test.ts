import { describe, expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { startApp } from '../support/app.ts'
import { ENGINES } from '../support/databases.ts'
import { databaseVariables, run, tempFolder } from '../support/process.ts'
import { startVk } from '../support/simulators.ts'

describe.each(ENGINES)('An expired rotating token, on %s', (engine) => {
  test('twenty uses over two processes make exactly one refresh, and all get the new token', async () => {
    const vk = await startVk()
    const { TOKEN_KEYS } = freshSecrets()
    const env = { ...vk.variables('vkid'), VK_CLIENT_SECRET: '', TOKEN_KEYS }
    const app = await startApp({ engine, vk, env })
    const browser = app.newBrowser()
    await browser.register()
    await browser.connect('vk')
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ expires_at: past, refresh_due_at: past })
    vk.fault('/oauth2/auth', { delay: 300 })

    const folder = tempFolder()
    const where = databaseVariables(app.ctx.config)
    const workers = [1, 2].map(() =>
      run('tests/process/refresh-worker.ts', folder, { ...env, ...where, SESSION_SECRET: 'x' }),
    )
    const codes = await Promise.all(workers.map(({ ended }) => ended))

    expect(codes, workers.map((worker) => worker.output()).join()).toEqual([0, 0])
    const tokens = workers.flatMap((worker) => JSON.parse(worker.output()) as string[])
    expect(tokens).toHaveLength(20)
    expect(new Set(tokens).size).toBe(1)
    expect(vk.tokens.has(tokens[0] ?? '')).toBe(true)
    const refreshes = vk.asked.filter(({ form }) => form.grant_type === 'refresh_token')
    expect(refreshes).toHaveLength(1)
  })
})
