import { expect, onTestFinished, test } from 'vitest'
import { stagings } from '../../simulators/yandex.ts'
import { startApp } from '../../support/app.ts'

test('the profile is asked for by the scheme «OAuth», and its address counts as verified', async () => {
  const { app, browser, stage } = await open()

  expect((await browser.connect('yandex')).location).toBe('/connections')

  const probe = stage.simulator.asked.find(({ path }) => path === '/info')
  expect(probe?.headers.authorization).toMatch(/^OAuth at-/)
  expect(probe?.query).toEqual({ format: 'json' })
  expect((await app.ctx.connections.find(1, 'yandex'))?.account).toMatchObject({
    id: '1130000000000001',
    name: 'Марина Ковалёва',
    profile: { login: 'user-1' },
  })
})

test('a profile without an id is no account', async () => {
  const { browser, stage } = await open()
  stage.simulator.fault('/info', { body: '{"login":"nobody"}' })

  expect((await browser.connect('yandex')).location).toBe('/yandex?error=profile_failed')
})

async function open() {
  const [yandex] = stagings
  if (!yandex) throw new Error('no staging')
  const stage = await yandex.open()
  onTestFinished(() => stage.simulator.stop())
  const app = await startApp({ simulators: [stage.simulator] })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, stage }
}
