import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { ENGINES } from '../support/databases.ts'
import { addConnected, addPerson, ago, atOnce, DAY_MS, openBeside, openContext } from './context.ts'

const URL = 'https://shop.example.ru/evosync'
const LEASE_MS = 30_000

describe.each(ENGINES)('Webhooks on %s', (engine) => {
  test('a person has one, whoever saves how often at once, and its secret is told once', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const { id } = await addPerson(ctx)

    const secrets = await atOnce(6, (index) => (index % 2 ? ctx : other).webhooks.save(id, URL))

    const [secret, ...others] = secrets.filter((one) => one !== undefined)
    expect(others).toEqual([])
    const webhook = await ctx.webhooks.find(id)
    expect(webhook).toMatchObject({ userId: id, url: URL, enabled: true })
    expect(webhook?.createdAt).toBeInstanceOf(Date)
    expect(await other.webhooks.findWithSecret(webhook?.id ?? 0)).toMatchObject({ secret })
    expect(JSON.stringify(await ctx.db('webhooks'))).not.toContain(secret)
  })

  test('a secret moved to another person’s webhook does not open', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    for (const { id } of [marina, oleg]) await ctx.webhooks.save(id, URL)
    const stolen = await ctx
      .db('webhooks')
      .where({ user_id: marina.id })
      .first<object>('sealed_secret')

    await ctx.db('webhooks').where({ user_id: oleg.id }).update(stolen)

    const { id = 0 } = (await ctx.webhooks.find(oleg.id)) ?? {}
    expect((await ctx.webhooks.findWithSecret(id))?.secret).toBeUndefined()
  })

  test('a renewed secret replaces the old one; without a webhook there is none', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    const before = (await ctx.webhooks.findWithSecret(webhookId))?.secret

    const renewed = await ctx.webhooks.renewSecret(userId)

    expect(renewed).not.toBe(before)
    expect((await ctx.webhooks.findWithSecret(webhookId))?.secret).toBe(renewed)
    expect(await ctx.webhooks.renewSecret(userId + 1)).toBeUndefined()
  })

  test('is switched off after days of failures, by one who notices, and never after a success', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    const week = ago(7 * DAY_MS)
    await ctx.webhooks.noteFailure(webhookId)
    const young = await ctx.webhooks.switchOff(webhookId, week)
    await ctx.db('webhooks').update({ failing_since: ago(8 * DAY_MS) })
    await ctx.webhooks.noteFailure(webhookId) // the first failure counts, not the last

    const off = await atOnce(4, () => ctx.webhooks.switchOff(webhookId, week))

    expect(young).toBe(false)
    expect(off.filter(Boolean)).toHaveLength(1)
    expect((await ctx.webhooks.find(userId))?.switchedOffAt).toBeInstanceOf(Date)
    await ctx.webhooks.setEnabled(userId, true)
    await ctx.webhooks.noteFailure(webhookId)
    await ctx.webhooks.noteSuccess(webhookId)
    expect(await ctx.webhooks.find(userId)).toMatchObject({
      enabled: true,
      failingSince: undefined,
      switchedOffAt: undefined,
    })
  })
})

describe.each(ENGINES)('Deliveries on %s', (engine) => {
  test('are queued for a webhook that is on, and for no other', async () => {
    const { ctx, userId } = await openScene(engine)
    const oleg = await addPerson(ctx, 'oleg')

    const queued = await queue(ctx, userId)
    const without = await queue(ctx, oleg.id)
    await ctx.webhooks.setEnabled(userId, false)
    const off = await queue(ctx, userId)

    expect([queued, without, off]).toEqual([1, undefined, undefined])
  })

  test('are claimed by one, in order, one of a webhook at a time', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    const other = openBeside(ctx)
    for (let n = 0; n < 3; n += 1) await queue(ctx, userId)

    const first = await atOnce(8, (index) => claim(index % 2 ? ctx : other))
    await ctx.deliveries.release(webhookId, 'nobody')
    const meanwhile = await claim(ctx)
    const got = first.find((one) => one !== undefined)
    const owner = got?.owner ?? ''
    if (got) await ctx.deliveries.delivered(got.delivery, owner, { responseStatus: 204 })
    await ctx.deliveries.release(webhookId, owner)
    const second = await claim(ctx)

    expect(first.filter((one) => one !== undefined)).toHaveLength(1)
    expect(got?.delivery.key).toBe('key 1')
    expect(meanwhile).toBeUndefined()
    expect(second?.delivery.key).toBe('key 2')
  })

  test('of several webhooks are claimed side by side, none twice', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    for (let n = 0; n < 10; n += 1) {
      const { id } = await addPerson(ctx, `owner${n}`)
      await ctx.webhooks.save(id, URL)
      await queue(ctx, id)
    }

    const claims = await atOnce(20, (index) => claim(index % 2 ? ctx : other))

    const ids = claims.flatMap((one) => one?.delivery.id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    // PostgreSQL's callers may pass a row that another has just taken; the next round finds what is left.
    const rest = await atOnce(10, () => claim(ctx))
    expect([...ids, ...rest.flatMap((one) => one?.delivery.id ?? [])]).toHaveLength(10)
  })

  test('whose owner died come back when the lease is over', async () => {
    const { ctx, userId } = await openScene(engine)
    await queue(ctx, userId)
    await ctx.deliveries.claim('dead', LEASE_MS)
    const early = await claim(ctx)

    await ctx.db('webhook_deliveries').update({ claimed_until: ago(1) })
    await ctx.db('webhooks').update({ sending_until: ago(1) })

    expect(early).toBeUndefined()
    expect((await claim(ctx))?.delivery.key).toBe('key 1')
  })

  test('a result of one who has lost the claim changes nothing', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    await queue(ctx, userId)
    const got = await claim(ctx)
    await ctx.db('webhook_deliveries').update({ claimed_by: 'somebody else' })

    if (got) await ctx.deliveries.delivered(got.delivery, got.owner, { responseStatus: 200 })

    expect(await ctx.deliveries.latest(webhookId, 1)).toMatchObject([
      { status: 'pending', attempts: 0 },
    ])
  })

  test('one that failed has its turn later, and the others of that webhook rest for a minute', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    for (let n = 0; n < 2; n += 1) await queue(ctx, userId)
    const got = await claim(ctx)

    if (got) await ctx.deliveries.postponed(got.delivery, got.owner, { error: 'timeout' }, 300_000)

    const [second, first] = await ctx.deliveries.latest(webhookId, 2)
    expect(first).toMatchObject({ status: 'pending', attempts: 1, error: 'timeout' })
    expect(minutesTo(first?.nextAttemptAt)).toBe(5)
    expect(second).toMatchObject({ attempts: 0, error: undefined })
    expect(minutesTo(second?.nextAttemptAt)).toBe(1)
  })

  test('can be claimed again by their owner alone, however they ended', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    const oleg = await addPerson(ctx, 'oleg')
    await ctx.webhooks.save(oleg.id, URL)
    const id = (await queue(ctx, userId)) ?? 0
    const got = await claim(ctx)
    if (got) await ctx.deliveries.givenUp(got.delivery, got.owner, { error: 'network' })

    const foreign = await ctx.deliveries.claimAgain(oleg.id, id, 'me', LEASE_MS)
    const again = await ctx.deliveries.claimAgain(userId, id, 'me', LEASE_MS)
    const twice = await ctx.deliveries.claimAgain(userId, id, 'me too', LEASE_MS)

    expect([foreign, twice]).toEqual([undefined, undefined])
    expect(again).toMatchObject({ id, status: 'pending', attempts: 0, error: undefined })
    expect(await ctx.deliveries.latest(webhookId, 5)).toHaveLength(1)
  })

  test('go with their webhook, and that with its owner; old ones are swept', async () => {
    const { ctx, userId, webhookId } = await openScene(engine)
    for (let n = 0; n < 2; n += 1) await queue(ctx, userId)
    await ctx
      .db('webhook_deliveries')
      .where({ id: 1 })
      .update({ created_at: ago(31 * DAY_MS) })

    await ctx.deliveries.sweep(ago(30 * DAY_MS))
    const left = await ctx.deliveries.latest(webhookId, 5)
    await ctx.users.removeUnlessNeeded(userId)

    expect(left.map(({ key }) => key)).toEqual(['key 2'])
    expect(await ctx.db('webhooks')).toEqual([])
    expect(await ctx.db('webhook_deliveries')).toEqual([])
  })

  test('of an incident are queued with it, once, or not at all', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const connection = await addConnected(ctx)
    await ctx.webhooks.save(connection.userId, URL)
    const news = { key: 'key', event: 'connection.lost', payload: '{}' }

    await atOnce(6, (index) =>
      (index % 2 ? ctx : other).notices.openIncident(connection, 'token_revoked', [], news),
    )

    expect(await ctx.db('webhook_deliveries')).toHaveLength(1)
    expect(await ctx.db('notices')).toHaveLength(1)
  })

  test('an incident whose news cannot be stored is not opened, and so is not lost', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.webhooks.save(connection.userId, URL)
    const broken = { key: null as unknown as string, event: 'x', payload: '{}' }

    await expect(
      ctx.notices.openIncident(connection, 'token_revoked', [], broken),
    ).rejects.toThrow()

    expect((await ctx.connections.findById(connection.id))?.incident).toBeUndefined()
    expect(await ctx.db('notices')).toEqual([])
  })
})

async function openScene(engine: 'sqlite' | 'postgres') {
  const ctx = await openContext(engine)
  const { id: userId } = await addPerson(ctx)
  await ctx.webhooks.save(userId, URL)
  const webhook = await ctx.webhooks.find(userId)
  return { ctx, userId, webhookId: webhook?.id ?? 0 }
}

async function queue(ctx: Context, userId: number) {
  const { length } = await ctx.db('webhook_deliveries').select('id')
  const news = { key: `key ${length + 1}`, event: 'connection.lost', payload: '{}' }
  return await ctx.deliveries.queue(userId, news)
}

async function claim({ deliveries, instance }: Context) {
  const delivery = await deliveries.claim(instance, LEASE_MS)
  return delivery && { delivery, owner: instance }
}

const minutesTo = (date: Date | undefined) =>
  Math.round(((date?.getTime() ?? 0) - Date.now()) / 60_000)
