import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { deleteAccount } from '../../../app/flows/accounts/delete-account.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

describe.each(ENGINES)(
  'Somebody deletes their account while a code is exchanged, on %s',
  (engine) => {
    test.each([
      ['to come in', '/login/vk', '/login?error=sign_in_unknown'],
      ['to link', '/account/sign-in/vk/link', '/account'],
      ['to connect', '/vk/connect', '/vk?error=session_lost'],
    ])('%s: nothing is left and nobody is in', async (_why, start, end) => {
      const { app, browser, stage } = await openScene(VK, { engine })
      await browser.get(await browser.consent('/account/sign-in/vk/link'))
      const visitor = start === '/login/vk' ? app.newBrowser() : browser
      const callback = await visitor.consent(start)
      const before = stage.simulator.count(stage.tokenPath)
      stage.simulator.fault(stage.tokenPath, { delay: 500 })
      const coming = visitor.get(callback)
      while (stage.simulator.count(stage.tokenPath) === before) await pause(10)

      const [marina] = await app.ctx.users.all()
      if (!marina) throw new Error('nobody is there')
      await deleteAccount(app.ctx, marina)

      expect((await coming).location).toBe(end)
      expect((await visitor.get('/connections')).location).toContain('/login')
      for (const table of ['users', 'identities', 'connections', 'api_tokens'])
        expect(await app.ctx.db(table).select(), table).toEqual([])
    })
  },
)
