import { expect, onTestFinished, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { startUnreliable } from '../../simulators/unreliable.ts'
import { startApp, type TestApp } from '../../support/app.ts'

const CONNECTIONS = 400
const ROUNDS = 5
/** Ends what goes on for ever: one is enough unless an answer is missed. */
const CALM_ROUNDS = 20

/** The same with 100,000 checks: `npm run bench:alarms`. */
test(`of ${CONNECTIONS * ROUNDS} checks on a bad line none calls a good connection revoked`, async () => {
  const platform = await startUnreliable({ seed: 20_261_120 })
  onTestFinished(() => platform.stop())
  const env = { VK_CLIENT_ID: '1', VK_CLIENT_SECRET: '2', VK_API_URL: `${platform.url}/method` }
  const app = await startApp({
    env,
    http: {
      timeoutMs: 1_200, // room for one more try after a second, of which a hundredth is really waited for
      breaker: { failures: 5, cooldownMs: 50, successes: 3 },
    },
  })
  await connectMany(app)
  platform.revoked.add('token-7')

  for (let round = 0; round < ROUNDS; round += 1) await tick(app)
  const { db } = app.ctx
  const failed = await db('health_changes').where({ health: 'unreachable' }).pluck('id')
  platform.calm()
  const patient = await startApp({ beside: app, env }) // with the real limits, as busy as this machine may be
  for (let calm = 0; calm < CALM_ROUNDS && (await away(app)).length > 1; calm += 1)
    await tick(patient)

  expect(await away(app)).toEqual([8])
  expect(await db('events').where({ event: 'revoked' }).pluck('user_id')).toEqual([8])
  const accused = await db('health_changes')
    .whereNotIn('health', ['online', 'unreachable'])
    .distinct<{ connection_id: number; health: string }[]>('connection_id', 'health')
  expect(accused).toEqual([{ connection_id: 8, health: 'revoked' }])
  // The day was really bad: every way was tried, and some checks failed by it.
  for (const count of Object.values(platform.served)) expect(count).toBeGreaterThan(20)
  expect(failed.length).toBeGreaterThan(50)
}, 600_000)

async function connectMany({ ctx }: TestApp) {
  for (let index = 0; index < CONNECTIONS; index += 1) {
    const email = `owner${index}@example.ru`
    const user = await ctx.users.add({ email, name: 'Владелец', passwordHash: null })
    await ctx.connections.save({
      userId: user?.id ?? 0,
      provider: 'vk',
      account: { id: '1', profile: {} },
      tokens: { accessToken: `token-${index}`, carried: {} },
    })
  }
}

/** Whose connection is not online. */
async function away({ ctx }: TestApp): Promise<number[]> {
  return await ctx.db('connections').whereNot({ health: 'online' }).pluck<number[]>('user_id')
}

/** A pause asked for is over by the next round. */
async function tick({ ctx }: TestApp) {
  await ctx.db('connections').update({ next_check_at: null })
  await checkDue(ctx, new Date(), new AbortController().signal)
}
