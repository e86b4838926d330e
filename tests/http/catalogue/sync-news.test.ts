import { describe, expect, test } from 'vitest'
import { sendNoticeLetters } from '../../../app/flows/notices/send-letters.ts'
import { PERSON } from '../../support/browser.ts'
import { startMailbox } from '../../support/mailbox.ts'
import {
  carryAll,
  openShop,
  runOnce,
  type ShopScene,
  type Wishes,
} from '../../support/catalogue/shop.ts'

const NEVER = new AbortController().signal

describe('News of the goods', () => {
  test('what changed is in the journal and at the webhook; what changed nothing is not', async () => {
    const { scene } = await open()
    await scene.app.ctx.webhooks.save(1, 'https://shop.example.ru/evosync')

    const run = await runOnce(scene)
    await runOnce(scene)

    expect(await journal(scene)).toEqual(['sync_done'])
    const [last] = await scene.app.ctx.events.page({ event: 'sync_done' }, 1)
    expect(last).toMatchObject({ user: { id: 1 }, details: { run: run.id, created: run.created } })
    expect(await scene.app.ctx.db('webhook_deliveries').pluck('event')).toEqual(['sync.done'])
    const text = await scene.app.ctx.metrics.text()
    expect(text).toContain('evosync_sync_runs_total{outcome="done"} 2')
    expect(text).toContain(`evosync_sync_cards_total{outcome="created"} ${run.created}`)
  })

  test('goods that vanished are one letter, however often the timetable sees it', async () => {
    const { scene, letters } = await open({ everyMinutes: 10 })
    const { app, evotor, link } = scene
    await runOnce(scene)
    const { products } = evotor.catalogueOf(link.storeId)
    for (const id of [...products.keys()].slice(0, 60)) products.delete(id)
    await runOnce(scene)

    for (let n = 0; n < 3; n += 1) {
      await app.ctx.db('sync_links').update({ next_run_at: 0, listed_whole_at: null })
      await carryAll(app)
    }
    await tell(scene)

    const failed = await app.ctx.db('sync_runs').where({ state: 'failed' }).pluck('reason')
    expect(failed.length).toBeGreaterThan(1)
    expect(new Set(failed)).toEqual(new Set(['catalog_shrunk']))
    expect((await journal(scene)).filter((event) => event === 'sync_failed')).toHaveLength(1)
    expect(letters()).toEqual([`${PERSON.email}: Перенос товаров ждёт вас`])
  })

  test('a captcha is one letter a run, with what to do; solved before the letter leaves it is none', async () => {
    const { scene, letters, lastText } = await open()
    const { app, vk } = scene
    vk.refuse('market.add', { code: 14 })
    const run = await runOnce(scene)
    await app.ctx.syncRuns.resume(run.id)
    await carryAll(app)

    await tell(scene)
    const first = [letters(), lastText()]
    vk.solveCaptcha()
    await app.ctx.db('notices').update({ told_at: null })
    await app.ctx.syncRuns.resume(run.id)
    await carryAll(app)
    await tell(scene)

    expect(run).toMatchObject({ state: 'paused', reason: 'captcha' })
    expect(first[0]).toEqual([`${PERSON.email}: Перенос товаров ждёт вас`])
    expect(first[1]).toContain('ВКонтакте просит подтвердить, что вы не робот.')
    expect(first[1]).toContain('/sync')
    expect(letters()).toHaveLength(1)
    expect((await journal(scene)).filter((event) => event === 'sync_paused')).toHaveLength(1)
  })

  test('a right that is missing is told once, unless the connection itself tells of it', async () => {
    const { scene, letters, lastText } = await open()
    const { app, vk } = scene
    vk.refuse('market.get', { code: 15 })
    await runOnce(scene)

    await tell(scene)
    const connection = await app.ctx.connections.find(1, 'vk')
    if (!connection) throw new Error('not connected')
    await app.ctx.notices.addStop(1, 'vk', 'market_right_missing')
    await app.ctx.db('connections').update({ incident: 'insufficient_scope' })
    await tell(scene)

    expect(letters()).toHaveLength(1)
    expect(lastText()).toContain('Что сделать: ')
    expect(lastText()).not.toMatch(/[{}]|undefined/)
  })
})

async function open(wishes: Wishes = {}) {
  const mailbox = await startMailbox()
  const env = { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' }
  const scene = await openShop({ ...wishes, env })
  return {
    scene,
    letters: () => mailbox.letters.map(({ to, subject }) => `${to}: ${subject}`),
    lastText: () => mailbox.letters.at(-1)?.text ?? '',
  }
}

const tell = ({ app }: ShopScene) => sendNoticeLetters(app.ctx, new Date(Date.now() + 1_000), NEVER)

async function journal({ app }: ShopScene): Promise<string[]> {
  const events = await app.ctx.db('events').orderBy('id').pluck<string[]>('event')
  return events.filter((event) => event.startsWith('sync_'))
}
