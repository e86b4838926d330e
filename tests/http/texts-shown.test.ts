import { expect, test } from 'vitest'
import { stopLetter } from '../../app/flows/notices/sync-stop-letters.ts'
import { stopOf } from '../../app/flows/notices/sync-stop.ts'
import { troubleLetter } from '../../app/flows/notices/trouble-letters.ts'
import { headline } from '../../app/flows/notices/trouble-words.ts'
import { BEGINNING, CONNECTING } from '../../app/texts/connecting.ts'
import { HEALTH } from '../../app/texts/health.ts'
import { isConnectCode } from '../../app/texts/index.ts'
import { isSyncCode, SYNC_TEXTS } from '../../app/texts/catalogue.ts'
import type { Page } from '../support/browser.ts'
import { openShop, runOnce } from '../support/catalogue/shop.ts'

/** Codes that a connection or the way to one may carry, and those of the sign-in page. */
const OF_CONNECTIONS = Object.keys({ ...CONNECTING, ...BEGINNING, ...HEALTH })
const HEALTHS = ['online', 'revoked', 'permission', 'unreachable'] as const
/** What is wrong with the one is told, what nobody has heard of is not. */
const NONSENSE = ['nonsense_code', 'toString', '{p}', 'Something went wrong here']

test('the codes are found', () => {
  expect(OF_CONNECTIONS.length).toBeGreaterThan(40)
  expect(OF_CONNECTIONS.filter(isConnectCode).length).toBeGreaterThan(20)
})

test('whatever stands in the address of a platform’s page or of the sign-in page, people read sentences', async () => {
  const { app, browser } = await openShop()
  const visitor = app.newBrowser()

  for (const code of [...OF_CONNECTIONS, ...NONSENSE]) {
    const error = encodeURIComponent(code)
    for (const key of ['vk', 'evotor', 'github'])
      expectSentences(await browser.get(`/${key}?error=${error}`), `/${key}?error=${code}`)
    expectSentences(await visitor.get(`/login?error=${error}`), `/login?error=${code}`)
  }
})

test('however a connection stands, pages and letters have words for it', async () => {
  const { app, browser } = await openShop()
  const { ctx } = app
  const provider = ctx.providers.get('vk')
  const to = { email: 'm@example.ru', name: 'Марина' }

  for (const reason of [...OF_CONNECTIONS, ...NONSENSE, null])
    for (const health of HEALTHS) {
      const cell = `${health}, ${reason ?? 'no reason'}`
      await ctx
        .db('connections')
        .where({ provider: 'vk' })
        .update({ health, is_online: health === 'online', reason })
      for (const page of ['/vk', '/connections'])
        expectSentences(await browser.get(page), `${page}: ${cell}`)
      const connection = await ctx.connections.find(1, 'vk')
      if (!connection) throw new Error('not connected')
      const code = reason ?? 'token_revoked'
      const { subject, text } = troubleLetter(ctx.config, to, { provider, connection, code })
      for (const words of [subject, text, headline(provider, code)]) expectWords(words, cell)
    }
})

test('whatever a run waits for or fails by, its pages, the list and the letter have words for it', async () => {
  const scene = await openShop({ everyMinutes: 60 })
  const { app, browser, link } = scene
  const { ctx } = app
  const { id } = await runOnce(scene)

  for (const code of [...Object.keys(SYNC_TEXTS), ...OF_CONNECTIONS, ...NONSENSE]) {
    const found = { code, values: FOUND }
    await ctx.syncLinks.setTrouble(link.id, found)
    for (const state of ['failed', 'paused'] as const) {
      await ctx
        .db('sync_runs')
        .where({ id })
        .update({ state, reason: code, reason_values: JSON.stringify(FOUND) })
      for (const page of [`/sync/runs/${id}`, '/sync'])
        expectSentences(await browser.get(page), `${page}, ${state}: ${code}`)
    }
    const now = await ctx.syncLinks.get(link.id)
    const stop = now && (await stopOf(ctx, now))
    if (!stop) throw new Error(`nothing to tell of ${code}`)
    if (isOfPicture(code)) continue
    const { subject, text } = stopLetter(ctx.config, { email: 'm@example.ru', name: 'М' }, stop)
    for (const words of [subject, text]) expectWords(words, code)
  }
})

/** What is the matter with a product's picture stops no goods. */
const isOfPicture = (code: string) =>
  isSyncCode(code) && JSON.stringify(SYNC_TEXTS[code]).includes('{cause}')

/** What those who throw such codes say beside them. */
const FOUND = {
  ...{ before: 9, after: 1, done: 1, total: 2, n: 5, w: 100, h: 90, mp: 81, most: 40, price: 5 },
  ...{ limit: 7, kind: 'photo', cause: 'photo_unreachable', album: 'Розы', message: 'нет' },
}

/** What a page says, support's code and everything typed by people aside. */
function expectSentences({ status, dom }: Page, cell: string) {
  expect(status, cell).toBe(200)
  const main = dom.querySelector('main')?.clone() as typeof dom
  for (const aside of main.querySelectorAll('details, code, script, input')) aside.remove()
  expectWords(main.text, cell)
}

/** No gap, no code as programs write it, nothing that is not there, and no three words of another language in a row. */
function expectWords(words: string, cell: string) {
  const said = words.replaceAll(/https?:\/\/\S+/g, '').replaceAll('npm run create-admin', '')
  expect(said, cell).not.toMatch(/[{}]|undefined|null|NaN|\[object/)
  expect(said, cell).not.toMatch(/\b[a-z]+_[a-z_]+\b/)
  expect(said, cell).not.toMatch(/(?:\b[A-Za-z]{2,}\b[ ,.]+){2}\b[a-z]{2,}\b/)
}
