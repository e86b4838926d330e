import { expect, test } from 'vitest'
import { openScene } from '../../support/stage.ts'
import { VK } from '../../support/platforms.ts'

const ELSEWHERE: [string, Record<string, string>][] = [
  ['says so', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ['is an older browser that names the page', { referer: 'https://evil.example/page' }],
  ['is an older browser that names the site', { origin: 'https://evil.example' }],
  ['hides where it was', { origin: 'null' }],
]

test.each(ELSEWHERE)(
  'a connection that another site begins waits for the person’s own press: the browser %s',
  async (_how, headers) => {
    const { app, browser, stage } = await openScene(VK)

    const back = await browser.get('/vk/connect?redirect_path=/sync', headers)
    const page = await browser.get(back.location)
    const href = page.dom.querySelector('a[href^="/vk/connect"]')?.getAttribute('href') ?? ''

    expect(back.location).toBe('/vk?error=begun_elsewhere&redirect_path=%2Fsync')
    expect(page.text).toContain('Сюда вас привела ссылка с другого сайта')
    expect(page.dom.querySelector('title')?.text).not.toContain('Ошибка')
    expect(await app.ctx.db('connection_attempts').first()).toBeUndefined()
    expect((await browser.get(href)).location).toContain(stage.simulator.url)
    expect(href).toContain('redirect_path=%2Fsync')
  },
)

test.each<[string, Record<string, string>]>([
  ['a plain program', {}],
  ['a person who types the address', { 'sec-fetch-site': 'none' }],
  ['a page of ours', { 'sec-fetch-site': 'same-origin' }],
  ['a neighbour of ours', { 'sec-fetch-site': 'same-site' }],
])('%s goes straight to the platform', async (_who, headers) => {
  const { browser, stage } = await openScene(VK)

  expect((await browser.get('/vk/connect', headers)).location).toContain(stage.simulator.url)
  const link = await browser.get('/connections?connect=vk&redirect_path=/sync', headers)
  expect(link.location).toBe('/vk/connect?redirect_path=%2Fsync')
  expect((await browser.get(link.location, headers)).location).toContain(stage.simulator.url)
})

test('another site’s link through the dashboard ends on the platform’s page as well', async () => {
  const { browser } = await openScene(VK)
  const headers = { 'sec-fetch-site': 'cross-site' }

  const link = await browser.get('/connections?connect=vk&redirect_path=/sync', headers)

  expect((await browser.get(link.location, headers)).location).toContain('begun_elsewhere')
})

test('links of another site use up nobody’s starts', async () => {
  const { browser, stage } = await openScene(VK)

  for (let n = 0; n < 40; n += 1)
    await browser.get('/vk/connect', { 'sec-fetch-site': 'cross-site' })

  expect((await browser.get('/vk/connect')).location).toContain(stage.simulator.url)
})
