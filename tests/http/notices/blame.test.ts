import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stopLetter } from '../../../app/flows/notices/sync-stop-letters.ts'
import { stopOf } from '../../../app/flows/notices/sync-stop.ts'
import type { Fault } from '../../simulators/simulator.ts'
import { startApp } from '../../support/app.ts'
import type { Page } from '../../support/browser.ts'
import {
  carryAll,
  NEVER_BROKEN,
  openShop,
  runOnce,
  type ShopScene,
  UNPACED,
} from '../../support/catalogue/shop.ts'

/** What a platform may answer; those that end a lane or a grant come last. */
const ANSWERS: [name: string, fault: Fault][] = [
  ['400', { status: 400, body: '{}' }],
  ['404', { status: 404, body: '{}' }],
  ['406', { status: 406, body: '' }],
  ['500', { status: 500, body: '{}' }],
  ['503', { status: 503, body: '<html>', headers: { 'Content-Type': 'text/html' } }],
  ['HTML with 200', { body: '<!doctype html><p>Скоро', headers: { 'Content-Type': 'text/html' } }],
  ['half a body', { way: 'reset' }],
  ['a redirect', { way: 'redirect' }],
  ['no answer in time', { way: 'hang' }],
  ['JSON that breaks off', { body: '{"items": [' }],
  ['JSON of another kind', { body: '{"pong": true}' }],
  ['a list where an object should be', { body: '[]' }],
  ['nothing', { body: '' }],
  ['403', { status: 403, body: '{}' }],
  ['429', { status: 429, body: '' }],
  ['429 with Retry-After', { status: 429, body: '', headers: { 'Retry-After': '1' } }],
  ['401', { status: 401, body: '{}' }],
]

/** For what never answers; any other answer has all the time it needs. */
const HASTY = { ...NEVER_BROKEN, timeoutMs: 500 }

const SIDES = [
  { key: 'evotor', guilty: 'Эвотор', innocent: 'ВКонтакте' },
  { key: 'vk', guilty: 'ВКонтакте', innocent: 'Эвотор' },
] as const

/** A code as programs write it. */
const RAW = /[a-z]+_[a-z_]+|код [a-z]|«код/

test.each(SIDES)(
  'whatever $guilty answers, $guilty is named, and nobody else',
  async ({ key, guilty, innocent }) => {
    const scene = await openShop({ http: NEVER_BROKEN, everyMinutes: 60 })
    const { app, browser, link, evotor, vk } = scene
    const hasty = await startApp({ beside: app, evotor, vk, env: UNPACED, http: HASTY })
    const simulator = scene[key]

    for (const [name, fault] of ANSWERS) {
      simulator.fault('*', fault)
      const run = await runOnce({ app: fault.way === 'hang' ? hasty : app, link })
      const pages = [
        await browser.get(`/sync/runs/${run.id}`),
        await browser.get('/sync'),
        await browser.get(`/sync/preview?link=${link.id}`),
      ]
      simulator.mend()

      expect(run, name).toMatchObject({ reasonPlatform: key })
      const said = pages.map(noticesOf).filter(Boolean)
      expect(said.length, name).toBeGreaterThan(0)
      for (const words of said) {
        expect(words, name).toContain(guilty)
        expect(words, name).not.toContain(`${innocent} `)
        expect(words, name).not.toMatch(RAW)
        expect(words, name).not.toMatch(/[{}]|undefined/)
      }
      await app.ctx.syncRuns.askStop(run.id)
      await app.ctx.syncLinks.setTrouble(link.id, undefined)
      await app.ctx.db('rate_limits').delete()
      if (fault.status === 429) await pause(1_050)
    }
  },
)

test.each(SIDES)(
  'an odd answer of $guilty stops nothing; over an hour of them is told, and passes by itself',
  async ({ key, guilty, innocent }) => {
    const scene = await openShop({ http: { ...NEVER_BROKEN, timeoutMs: 10_000 }, everyMinutes: 60 })
    const { ctx } = scene.app
    scene[key].fault('*', { body: '<!doctype html><p>Скоро' })

    const once = await runOnce(scene)
    expect(once).toMatchObject({ state: 'paused', reason: 'odd_answer', reasonPlatform: key })
    expect((await linkOf(scene)).trouble).toBeUndefined()

    await ctx.db('sync_runs').update({ pauses: 5, failing_since: new Date(0), resume_at: 0 })
    await carryAll(scene.app)
    const link = await linkOf(scene)
    expect(link.trouble).toMatchObject({ code: 'odd_answer', platform: key, passes: true })

    const stop = await stopOf(ctx, link)
    if (!stop) throw new Error('nothing to tell')
    const { text } = stopLetter(ctx.config, { email: 'm@example.ru', name: 'Марина' }, stop)
    expect(text).toContain(`${guilty} отвечает не так, как обычно`)
    expect(text).not.toContain(innocent)
    expect(text).not.toMatch(RAW)

    scene[key].mend()
    await ctx.db('sync_links').update({ next_run_at: 0 })
    await carryAll(scene.app)
    expect(await ctx.syncRuns.last(link.id)).toMatchObject({ state: 'done', origin: 'schedule' })
    expect((await linkOf(scene)).trouble).toBeUndefined()
  },
)

test('only the end that is missing is named', async () => {
  const { app, browser, link } = await openShop()
  await app.ctx.connections.remove(link.userId, 'evotor')

  const words = noticesOf(await browser.get(`/sync/preview?link=${link.id}`))

  expect(words).toContain('Сначала подключите Эвотор')
  expect(words).not.toContain('ВКонтакте')
})

test('what is taken back is told as taken back', async () => {
  const scene = await openShop({ everyMinutes: 60 })
  const { app, browser, evotor, link } = scene
  await runOnce(scene)
  const { products } = evotor.catalogueOf(link.storeId)
  const [id = ''] = products.keys()
  evotor.catalogueOf(link.storeId).setPrice(id, 777)
  const changed = await runOnce(scene)
  await browser.submit(
    await browser.get(`/sync/runs/${changed.id}/undo`),
    `/sync/runs/${changed.id}/undo`,
  )
  await carryAll(app)
  const undone = await app.ctx.syncRuns.last(link.id)

  const page = await browser.get(`/sync/runs/${undone?.id ?? 0}`)

  expect(page.text).toContain('Изменения отменены')
  expect(page.text).toContain('Расписание остановлено')
  expect(page.text).not.toContain('теперь такие же, как на кассе')
})

/** What the notices of a page say, without the code for support. */
function noticesOf({ dom }: Page): string {
  const words = dom
    .querySelectorAll(
      '.notice-warn h2, .notice-warn p, .notice-bad h2, .notice-bad p, .notice-info h2',
    )
    .filter((one) => !one.closest('details'))
  return words.map(({ text }) => text.trim()).join(' ')
}

async function linkOf({ app, link }: ShopScene) {
  const now = await app.ctx.syncLinks.get(link.id)
  if (!now) throw new Error('no link')
  return now
}
