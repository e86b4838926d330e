import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { ENGINES } from '../support/databases.ts'
import { addConnected, ago, atOnce, connect, DAY_MS, openBeside, openContext } from './context.ts'

const PASSIVE = ['provider_unavailable', 'expires_soon']

describe.each(ENGINES)('Notices on %s', (engine) => {
  test('an incident that many notice at once is told once', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const connection = await addConnected(ctx)

    const opened = await atOnce(10, (index) =>
      (index % 2 ? ctx : other).notices.openIncident(connection, 'token_revoked', []),
    )

    expect(opened.filter(Boolean)).toHaveLength(1)
    expect(await told(ctx)).toEqual(['incident token_revoked'])
    expect((await ctx.connections.findById(connection.id))?.incident).toBe('token_revoked')
  })

  test('the same incident is not told again while it runs', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'provider_unavailable', [])

    const again = await ctx.notices.openIncident(connection, 'provider_unavailable', PASSIVE)

    expect(again).toBe(false)
    expect(await told(ctx)).toEqual(['incident provider_unavailable'])
  })

  test('one that needs a person takes the place of one that may pass', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'provider_unavailable', [])

    const opened = await ctx.notices.openIncident(connection, 'token_revoked', PASSIVE)

    expect(opened).toBe(true)
    expect(await told(ctx)).toEqual([
      'incident provider_unavailable (over)',
      'incident token_revoked',
    ])
  })

  test('one that may pass does not take the place of one that needs a person', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'token_revoked', PASSIVE)

    const opened = await ctx.notices.openIncident(connection, 'provider_unavailable', [])

    expect(opened).toBe(false)
    expect((await ctx.connections.findById(connection.id))?.incident).toBe('token_revoked')
  })

  test('its end is told once, however many notice it', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'token_revoked', [])

    const closed = await atOnce(10, (index) =>
      (index % 2 ? ctx : other).notices.closeIncident({ ...connection, incident: 'token_revoked' }),
    )

    expect(closed.filter(Boolean)).toHaveLength(1)
    expect(await told(ctx)).toEqual(['incident token_revoked (over)', 'recovered token_revoked'])
    expect(await ctx.notices.recoveries(connection.userId)).toMatchObject([{ provider: 'vk' }])
    expect((await ctx.connections.findById(connection.id))?.incident).toBeUndefined()
  })

  test('where nothing was wrong, nothing ends', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)

    const closed = await ctx.notices.closeIncident(connection)

    expect(closed).toBe(false)
    expect(await told(ctx)).toEqual([])
  })

  test('what happens again after it was over is told again', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'token_revoked', [])
    await ctx.notices.closeIncident(connection)

    const again = await ctx.notices.openIncident(connection, 'token_revoked', [])

    expect(again).toBe(true)
    expect(await ctx.notices.recoveries(connection.userId)).toEqual([])
  })

  test('incidents of a connection that is gone are nobody’s', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.connections.remove(connection.userId, 'vk')

    expect(await ctx.notices.openIncident(connection, 'token_revoked', [])).toBe(false)
    expect(await told(ctx)).toEqual([])
  })

  test('good news can be dismissed by its owner, not by anybody else', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addConnected(ctx, 'marina'), await addConnected(ctx, 'oleg')]
    await ctx.notices.openIncident(marina, 'token_revoked', [])
    await ctx.notices.closeIncident(marina)
    const [news] = await ctx.notices.recoveries(marina.userId)

    await ctx.notices.close(oleg.userId, news?.id ?? 0)
    const afterForeign = await ctx.notices.recoveries(marina.userId)
    await ctx.notices.close(marina.userId, news?.id ?? 0)

    expect(afterForeign).toEqual([news])
    expect(news?.createdAt).toBeInstanceOf(Date)
    expect(await ctx.notices.recoveries(marina.userId)).toEqual([])
  })

  test('connecting anew ends what was said about that platform, and only that', async () => {
    const ctx = await openContext(engine)
    const community = await addConnected(ctx)
    const till = await connect(ctx, community.userId, { provider: 'evotor' })
    for (const connection of [community, till]) {
      await ctx.notices.openIncident(connection, 'token_revoked', [])
      await ctx.notices.closeIncident(connection)
    }

    await ctx.notices.closeAll(community.userId, 'vk')

    const left = await ctx.notices.recoveries(community.userId)
    expect(left.map(({ provider }) => provider)).toEqual(['evotor'])
  })

  test('sweeping forgets what is older than asked, and nothing else', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.notices.openIncident(connection, 'old', [])
    await ctx.db('notices').update({ created_at: ago(31 * DAY_MS) })
    await ctx.notices.closeIncident({ ...connection, incident: 'young' })

    await ctx.notices.sweep(ago(30 * DAY_MS))

    expect(await told(ctx)).toEqual(['recovered young'])
  })
})

/** Everything that was ever said, oldest first. */
async function told({ db }: Context): Promise<string[]> {
  const rows = await db('notices')
    .orderBy('id')
    .select<{ kind: string; code: string; closed_at: unknown }[]>('kind', 'code', 'closed_at')
  return rows.map(({ kind, code, closed_at }) => `${kind} ${code}${closed_at ? ' (over)' : ''}`)
}
