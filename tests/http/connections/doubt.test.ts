import { expect, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import type { TestApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { allPlatforms } from '../../support/platforms.ts'
import { openConnectedScene } from '../../support/stage.ts'

const doubting = (await allPlatforms()).filter(({ name }) => name === 'Bing Webmaster')
const CASES = doubting.flatMap((platform) => ENGINES.map((engine) => ({ platform, engine })))
const WRONGLY = { status: 400, body: '{"error":"invalid_grant"}' }

test.each(CASES)(
  'on $engine, a platform that refuses good tokens four times is not believed, and four times more is not five',
  async ({ platform, engine }) => {
    const { app, stage } = await openConnectedScene(platform, { engine })
    const { simulator, tokenPath, probePath, deadAnswer } = stage

    for (const round of [1, 2]) {
      simulator.fault(probePath, deadAnswer)
      simulator.fault(tokenPath, WRONGLY)
      for (let asked = 0; asked < 4; asked += 1) await tick(app)
      expect(await app.ctx.connections.find(1, stage.key), `round ${round}`).toMatchObject({
        isOnline: true,
        health: 'online',
      })
      simulator.mend()
      await tick(app)
    }
    expect(app.logged('incident')).toEqual([])
  },
)

test.each(CASES)(
  'on $engine, the fifth refusal in a row is believed',
  async ({ platform, engine }) => {
    const { app, stage } = await openConnectedScene(platform, { engine })
    stage.simulator.fault(stage.probePath, stage.deadAnswer)
    stage.simulator.fault(stage.tokenPath, WRONGLY)

    for (let asked = 0; asked < 5; asked += 1) await tick(app)

    expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({
      isOnline: false,
      health: 'revoked',
    })
  },
)

test.each(CASES)(
  'on $engine, tokens that are renewed and refused again all the same are refusals too',
  async ({ platform, engine }) => {
    const { app, stage } = await openConnectedScene(platform, { engine })
    stage.simulator.fault(stage.probePath, stage.deadAnswer)

    for (let asked = 0; asked < 5; asked += 1) await tick(app)

    expect((await app.ctx.connections.find(1, stage.key))?.health).toBe('revoked')
  },
)

/** A refusal puts the next question off for a minute; here that minute is over at once. */
async function tick({ ctx }: TestApp) {
  await ctx.db('connections').update({ next_check_at: null })
  await checkDue(ctx, new Date(), new AbortController().signal)
}
