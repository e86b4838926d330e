import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { deleteAccount } from '../../../app/flows/accounts/delete-account.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'
import { everybody } from '../../support/crowd.ts'

describe.each(ENGINES)(
  'Somebody deletes their account while a code is exchanged, on %s',
  (engine) => {
    test.each([
      ['to come in', '/login/vk', '/login?error=sign_in_unknown'],
      ['to link', '/account/sign-in/vk/link', '/account'],
      ['to connect', '/vk/connect', '/vk?error=session_lost'],
    ])('%s: nothing is left and nobody is in', async (_why, start, end) => {
      const { app, browser, stage } = await openScene(VK, { engine, http: { timeoutMs: 10_000 } })
      await browser.get(await browser.consent('/account/sign-in/vk/link'))
      const visitor = start === '/login/vk' ? app.newBrowser() : browser
      const callback = await visitor.consent(start)
      const before = stage.simulator.count(stage.tokenPath)
      let answerNow: () => void = () => undefined
      const until = new Promise<void>((done) => (answerNow = done))
      stage.simulator.fault(stage.tokenPath, { until })
      const coming = visitor.get(callback)
      while (stage.simulator.count(stage.tokenPath) === before) await pause(10)

      const [marina] = await everybody(app.ctx)
      if (!marina) throw new Error('nobody is there')
      await deleteAccount(app.ctx, marina)
      answerNow()

      expect((await coming).location).toBe(end)
      expect((await visitor.get('/connections')).location).toContain('/login')
      for (const table of ['users', 'identities', 'connections', 'api_tokens'])
        expect(await app.ctx.db(table).select(), table).toEqual([])
    })
  },
)

test.each(ENGINES)(
  'whoever comes in as their account is deleted is told so by the form, on %s',
  async (engine) => {
    const { app, browser } = await openScene(VK, { engine })
    await browser.get(await browser.consent('/account/sign-in/vk/link'))
    const { ctx } = app
    const deleteAll = async () => {
      for (const user of await everybody(ctx)) await deleteAccount(ctx, user)
    }
    const find = ctx.users.find.bind(ctx.users)
    const matches = ctx.passwords.matches.bind(ctx.passwords)
    ctx.users.find = async (id) => {
      const user = await find(id)
      ctx.users.find = find
      await deleteAll()
      return user
    }
    const [byVk, byPassword] = [app.newBrowser(), app.newBrowser()]

    const back = await byVk.get(await byVk.consent('/login/vk'))
    expect(back.location).toBe('/login?error=sign_in_unknown')

    await app.newBrowser().register()
    ctx.passwords.matches = async (...asked) => {
      const right = await matches(...asked)
      await deleteAll()
      return right
    }
    const page = await byPassword.signIn()

    expect(page.status).toBe(401)
    expect(page.text).toContain('Почта или пароль не подходят')
    expect((await byPassword.get('/connections')).location).toContain('/login')
  },
)
