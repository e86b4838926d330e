import { expect, test } from 'vitest'
import { stopLetter } from '../../../app/flows/notices/sync-stop-letters.ts'
import { stopOf } from '../../../app/flows/notices/sync-stop.ts'
import { SYNC_TEXTS } from '../../../app/texts/catalogue.ts'
import { addRun, settle, step } from '../../support/catalogue/rows.ts'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'

/** The target under a title that is plural and declined: whatever names it has asked it for its name. */
const PALS = {
  title: 'Приятели',
  forms: {
    ...{ of: 'Приятелей', to: 'Приятелям', in: 'в Приятелях', short: 'ПР' },
    many: true,
  },
}

test('pages, files and letters about a pair name its target, and agree with its name', async () => {
  const { browser, app, link, ctx, id } = await open()
  const pages = ['/sync', '/sync/settings', '/sync/preview', '/sync/runs', `/sync/runs/${id}`]

  for (const path of [...pages, '/connections', '/account', '/account/delete', '/help'])
    expectPals((await browser.get(path)).text, path)
  for (const path of ['/login', '/register'])
    expectPals((await app.newBrowser().get(path)).text, path)
  expect((await browser.get('/sync/preview')).text).toContain('Что изменится в Приятелях')
  expect((await browser.get('/vk')).text).toContain('Отключить аккаунт Приятелей')
  const table = (await browser.get(`/sync/runs/${id}.csv`)).html
  expect(table).toContain('Карточка ПР')
  expectPals(table, 'the table of a run')

  await ctx.syncLinks.setTrouble(link.id, { code: 'no_groups_right', values: {} })
  const now = await ctx.syncLinks.get(link.id)
  const stop = now && (await stopOf(ctx, now))
  if (!stop) throw new Error('nothing to tell')
  const { text } = stopLetter(ctx.config, { email: 'm@example.ru', name: 'Марина' }, stop)
  expect(text).toContain('Приятели не показывают ваши сообщества.')
})

test('whatever became of a card or a run is told about the target of the pair', async () => {
  const { browser, link, ctx, id: done } = await open()
  const codes = Object.keys(SYNC_TEXTS)
  const steps = codes.map((code) => step('create', { name: `Товар ${code}` }))
  const id = await addRun(ctx, link, steps, { products: codes.length })
  await settle(
    ctx,
    id,
    codes.map((code, place) => ({ place, code, values: { n: 3, w: 90, h: 90 } })),
  )

  expectPals((await browser.get(`/sync/runs/${id}`)).text, 'a run that is going')
  await ctx.db('sync_runs').where({ id }).update({ state: 'failed', finished_at: new Date() })
  expectPals((await browser.get(`/sync/runs/${id}`)).text, 'a run that is over')
  expectPals((await browser.get(`/sync/runs/${id}.csv`)).html, 'its table')
  for (const reason of codes) {
    await ctx.db('sync_runs').where({ id: done }).update({ state: 'failed', reason })
    expectPals((await browser.get(`/sync/runs/${done}`)).text, reason)
  }
})

async function open() {
  const scene = await openShop()
  const { ctx } = scene.app
  const { id } = await runOnce(scene)
  await scene.browser.get('/connections') // what was to be said once is said in the old name
  Object.assign(ctx.providers.get('vk'), PALS)
  return { ...scene, ctx, id }
}

const OLD = /(?<![а-яё])(во?\s+)?(вконтакте|вк)(?![а-яё])/i
/** A verb of one, or a case the title alone is not. */
const DISAGREES = [
  /Приятели(\s+(не|на|больше|временно|сегодня))*\s+[а-яё]+(ет|ёт|ит)(ся)?(?![а-яё])/,
  /(?<![а-яё])(в|во|к|о|об|у|от|из|с|со|для|без|под) Приятели(?![а-яё])/i,
  /(аккаунт|ответ|сообществ|магазин|категори|карточк|страниц|подключени|кабинет|правил|предел)[а-яё]* Приятели(?![а-яё]| товары|( не)? [а-яё]+[уюая]т(?![а-яё]))/i,
]

function expectPals(words: string, where: string) {
  expect(words, where).not.toMatch(OLD)
  for (const wrong of DISAGREES) expect(words, where).not.toMatch(wrong)
  expect(words, where).not.toMatch(/\{[^{}]*(\||P)[^{}]*\}/)
}
