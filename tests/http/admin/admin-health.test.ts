import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { type Page, readable } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK, VK_ID } from '../../support/platforms.ts'
import { openConnectedScene, openScene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'
import type { Health } from '../../../app/store/vocabulary.ts'

describe.each(ENGINES)('The page of health on %s', (engine) => {
  test('tells an administrator how a platform that works fares', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine })
    await tick(app)
    await tick(app)

    const page = await browser.get('/admin/health')

    expect(page.status).toBe(200)
    expect(rowOf(page, 'breakers', 'ВКонтакте')).toEqual([
      'Работает',
      'со старта',
      'сбоев подряд нет',
    ])
    // The connection itself is the first check.
    const [hour, hourFailed, day, dayFailed, median, p95] = rowOf(page, 'checks', 'ВКонтакте')
    expect([hour, hourFailed, day, dayFailed]).toEqual(['3', '0', '3', '0'])
    expect([median, p95]).toEqual([expect.stringMatching(TIME), expect.stringMatching(TIME)])
    expect(rowOf(page, 'counts', 'ВКонтакте')).toEqual(['1', '0', '0', '0', '0'])
    expect(rowOf(page, 'refreshes', 'ВКонтакте')).toEqual(['0', '0'])
    expect(page.text).toContain(engine === 'sqlite' ? 'SQLite 3.' : 'PostgreSQL 1')
    expect(page.text).toMatch(/Миграция \d{3}-[a-z-]+/)
    expect(page.text).toMatch(/Работает (меньше минуты|\d+ мин)/)
    expect(page.text).toMatch(/Задержка \d+ мс/)
  })

  test('tells of an outage: pause, failures, connections without an answer', async () => {
    const { app, browser, stage } = await openConnectedScene(VK, { engine, ...EAGER })
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })
    await tick(app)

    const page = await browser.get('/admin/health')

    const [state, since, next] = rowOf(page, 'breakers', 'ВКонтакте')
    expect(state).toBe('Пауза')
    expect(since).toMatch(/^сегодня в \d\d:\d\d$/)
    expect(next).toMatch(/^следующая попытка \d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d МСК$/)
    expect(rowOf(page, 'checks', 'ВКонтакте').slice(0, 4)).toEqual(['1', '1', '1', '1'])
    expect(rowOf(page, 'counts', 'ВКонтакте')).toEqual(['0', '0', '0', '1', '0'])
  })

  test('counts what the last hour and the last day have seen, and nothing older', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine })
    await app.ctx.db('check_totals').delete()
    await addChecks(app, [
      [5, 'online'],
      [30, 'unreachable'],
      [120, 'online'],
      [180, 'revoked'],
      [25 * 60, 'online'],
    ])

    const page = await browser.get('/admin/health')

    expect(rowOf(page, 'checks', 'ВКонтакте')).toEqual([
      '1',
      '1',
      '2',
      '2',
      'нет данных',
      'нет данных',
    ])
  })

  test('tells until when a platform that asked for it is left alone', async () => {
    const { app, browser, stage } = await openConnectedScene(VK, { engine })
    stage.simulator.fault(stage.probePath, {
      status: 429,
      body: '',
      headers: { 'retry-after': '600' },
    })
    await tick(app)

    const [, , , , paused] = rowOf(await browser.get('/admin/health'), 'counts', 'ВКонтакте')

    expect(paused).toMatch(/^1 ?до: (сегодня|\d+ [а-я]+) в \d\d:\d\d$/)
  })

  test('counts refreshes of the day that succeeded and those that did not', async () => {
    const { app, browser, stage } = await openConnectedScene(VK_ID, { engine })
    const due = () => app.ctx.db('connections').update({ refresh_due_at: new Date(0) })
    await due()
    await tick(app)
    stage.simulator.fault(stage.tokenPath, { status: 400, body: '{"error":"server_error"}' })
    await due()
    await tick(app)
    const yesterday = new Date(Date.now() - 25 * 3600_000)
    await app.ctx
      .db('events')
      .insert({ at: yesterday, event: 'refreshed', user_id: 1, provider: 'vk' })

    const page = await browser.get('/admin/health')

    expect(rowOf(page, 'refreshes', 'ВКонтакте')).toEqual(['1', '1'])
  })
})

test('while probing it says how many of three have succeeded', async () => {
  const { app, browser, stage } = await openConnectedScene(VK, {
    http: { breaker: { failures: 1, cooldownMs: 1, successes: 3 } },
  })
  stage.simulator.fault(stage.probePath, { status: 503, body: '' })
  await tick(app)
  stage.simulator.mend()
  await tick(app)

  const [state, , next] = rowOf(await browser.get('/admin/health'), 'breakers', 'ВКонтакте')

  expect([state, next]).toEqual(['Пробные запросы', '1 из 3 успешных'])
})

test('says that the states of breakers are of this process', async () => {
  const { browser } = await openScene(VK)

  const page = await browser.get('/admin/health')

  expect(page.text).toContain('Состояния относятся к этому процессу')
})

test('an owner gets none of it', async () => {
  const { app } = await openScene(VK)
  const owner = app.newBrowser()
  await owner.register({ email: 'owner@example.ru' })

  expect((await owner.get('/admin/health')).status).toBe(403)
  expect((await app.newBrowser().get('/admin/health')).location).toBe(
    '/login?next=%2Fadmin%2Fhealth',
  )
})

const TIME = /^(\d+ мс|\d+,\d с)$/
const EAGER = { http: { breaker: { failures: 1, cooldownMs: 60_000, successes: 3 } } }

/** Cells of a platform's row, without its name. */
function rowOf({ dom }: Page, section: string, title: string): string[] {
  const row = dom
    .querySelectorAll(`[aria-labelledby=${section}] tbody tr`)
    .find((one) => one.querySelector('th')?.text.startsWith(title))
  return (row?.querySelectorAll('td') ?? []).map((cell) => readable(cell.outerHTML))
}

async function addChecks({ ctx }: TestApp, checks: [minutesAgo: number, health: Health][]) {
  for (const [minutesAgo, health] of checks) {
    const at = new Date(Date.now() - minutesAgo * 60_000)
    await ctx.checkHistory.add({ id: 1, provider: 'vk' }, { health }, at)
  }
}
