import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

describe.each(ENGINES)('The journal on %s', (engine) => {
  test('says of what a person did from where and by which request', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await browser.connect('vk')
    await browser.submit(await browser.get('/vk'), '/vk/disconnect')
    await browser.submit(await browser.get('/account'), '/account', {
      email: 'new@example.ru',
      current: PERSON.password,
    })
    await browser.submit(await browser.get('/account'), '/account/password', {
      current: PERSON.password,
      password: 'совсем другой пароль',
    })
    await browser.submit(await browser.get('/admin/users'), '/admin/users/1/reset-link')

    const rows = await app.ctx
      .db<{ event: string; address: string; request_id: string }>('events')
      .orderBy('id')
      .select('event', 'address', 'request_id')

    expect(rows.map(({ event }) => event)).toEqual([
      'registered',
      'signed_in',
      'connected',
      'disconnected',
      'email_changed',
      'password_changed',
      'reset_link_made',
    ])
    for (const { event, address, request_id } of rows) {
      expect(address, event).toBe('127.0.0.1')
      expect(request_id, event).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}$/)
    }
  })
})

test('the number a person reads about a failed connection finds its lines in the log', async () => {
  const { app, browser, stage } = await openScene(VK)
  stage.simulator.fault(stage.tokenPath, { status: 500, body: '' })

  const page = await browser.open(await browser.consent('/vk/connect'))

  const number = /Запрос: ([0-9a-f]{4}-[0-9a-f]{4})/.exec(page.text)?.[1]
  expect(app.logged('connect_failed')).toEqual([expect.objectContaining({ request: number })])
})

test('what nobody asked for has no request', async () => {
  const app = await startApp()
  await expect.poll(() => app.logged('swept').length).toBe(1)

  expect(app.logged('swept')[0]).not.toHaveProperty('request')
})
