import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium } from '../support/chromium-page.ts'
import { startVk } from '../support/simulators.ts'

const chromium = useChromium()

/** From the list of platforms to an account that is connected. */
const MOST_ACTIONS = 8

test('a newcomer sets ВКонтакте up and connects it, without scripts, at 360 px, in eight actions', async () => {
  const vk = await startVk()
  const places = Object.entries(vk.variables()).filter(([name]) => name.endsWith('_URL'))
  const app = await startApp({ env: Object.fromEntries(places) })
  vk.redirectUris.push(`${app.url}/vk/callback`)
  const { page, html } = await chromium.open(app.url, { width: 360, scripts: false })
  await register(page, app.url)
  let actions = 0
  const act = async (action: Promise<void>) => {
    await action
    actions += 1
  }

  await act(
    page
      .getByRole('article', { name: 'ВКонтакте' })
      .getByRole('link', { name: /Настроить|Подробнее|Подключить/ })
      .click(),
  )
  await act(page.getByRole('link', { name: 'Ввести ключи' }).click())
  expect(await page.locator('#redirect-uri').innerText()).toBe(`${app.url}/vk/callback`)
  expect(await overflow(page)).toBe(0)
  await act(page.getByLabel('ID приложения').fill(vk.clientId))
  await act(page.getByLabel('Защищённый ключ').fill(vk.clientSecret))
  await act(page.getByRole('button', { name: 'Сохранить' }).click())
  await page.getByText('Ключи сохранены').waitFor()
  expect(await overflow(page)).toBe(0)
  await act(page.getByRole('link', { name: 'Подключить ВКонтакте' }).click())
  await act(page.getByRole('button', { name: 'Разрешить' }).click())
  await page.waitForURL(`${app.url}/connections`)
  await page.getByText('Аккаунт ВКонтакте подключён').waitFor()

  expect(actions).toBeLessThanOrEqual(MOST_ACTIONS)
  expect(html.join()).not.toContain(vk.clientSecret)

  await page.goto(`${app.url}/admin/providers/vk`)
  await page.getByRole('link', { name: 'Убрать ключи' }).click()
  expect(await overflow(page)).toBe(0)
  await page.getByRole('button', { name: 'Убрать ключи' }).click()
  await page.getByText('Ключи убраны: ВКонтакте').waitFor()
})

async function register(page: Page, url: string) {
  await page.goto(`${url}/register`)
  await page.getByLabel('Как к вам обращаться').fill(PERSON.name)
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
  await page.getByLabel('Даю согласие').check()
  await page.getByRole('button', { name: 'Зарегистрироваться' }).click()
  await page.waitForURL(`${url}/connections`)
}

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
