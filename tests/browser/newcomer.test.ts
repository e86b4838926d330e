import { existsSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium, WIDTHS } from '../support/chromium-page.ts'
import type { Evotor } from '../simulators/evotor.ts'
import type { Vk } from '../simulators/vk.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const chromium = useChromium()
const CASES = WIDTHS.flatMap((width) => [true, false].map((scripts) => ({ width, scripts })))

describe.each(CASES)('A newcomer at $width px, scripts $scripts', ({ width, scripts }) => {
  test('registers, connects both by clicking, sees both live, disconnects, leaves; no secret is left anywhere', async () => {
    const [vk, evotor] = [await startVk(), await startEvotor()]
    const app = await startApp({ vk, evotor })
    const { page, html } = await chromium.open(app.url, { width, scripts })

    await page.goto(app.url)
    await page.getByRole('link', { name: 'Зарегистрироваться' }).click()
    await page.getByLabel('Как к вам обращаться').fill(PERSON.name)
    await page.getByLabel('Электронная почта').fill(PERSON.email)
    await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
    await page.getByLabel('Даю согласие').check()
    await page.getByRole('button', { name: 'Зарегистрироваться' }).click()
    await connect(page, app, 'Эвотор')
    expect(await page.getByRole('main').innerText()).toContain('Готов 1 шаг из 3')
    await connect(page, app, 'ВКонтакте')
    expect(await page.getByRole('main').innerText()).toContain('Готовы 2 шага из 3')
    expect(await badges(page)).toEqual(['Подключено', 'Подключено'])

    for (const name of ['ВКонтакте', 'Эвотор']) {
      await page.getByRole('article', { name }).getByRole('link', { name: 'Подробнее' }).click()
      await page.getByRole('button', { name: 'Проверить сейчас' }).click()
      expect(await page.locator('.titlerow .badge').innerText()).toBe('Подключено')
      await page.getByRole('button', { name: `Отключить аккаунт ${name}` }).click()
      if (scripts) await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click()
      await page.getByText(`Аккаунт ${name} отключён`).waitFor()
      await page.getByRole('link', { name: 'Вернуться к подключениям' }).click()
    }
    expect(await badges(page)).toEqual(['Не подключено', 'Не подключено'])
    expect(await overflow(page)).toBe(0)

    await page.getByRole('button', { name: 'Выйти' }).click()
    await page.waitForURL(`${app.url}/login`)
    await page.goBack()
    expect(await page.getByRole('main').innerText()).not.toContain('Отключить')

    const secrets = secretsOf(vk, evotor)
    expect(secrets.length).toBeGreaterThan(10)
    for (const [place, text] of Object.entries({
      ...files(app),
      log: JSON.stringify(app.lines),
      pages: html.join(),
    })) {
      expect(text.length, place).toBeGreaterThan(100)
      for (const secret of secrets)
        expect(text.includes(secret), `${secret.slice(0, 6)}… in the ${place}`).toBe(false)
    }
  })
})

async function connect(page: Page, { url }: TestApp, name: string) {
  await page.getByRole('article', { name }).getByRole('link', { name: 'Подключить' }).click()
  if (name === 'ВКонтакте') await page.getByRole('link', { name: `Подключить ${name}` }).click() // a right is explained first
  await page.getByRole('button', { name: 'Разрешить' }).click()
  await page.waitForURL(`${url}/connections`)
  await page.getByText(`Аккаунт ${name} подключён`).waitFor()
}

const badges = (page: Page) => page.locator('.route .badge').allInnerTexts()

/** Pixels by which the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** The database as it lies on the disk, its log included. */
function files({ ctx }: TestApp): Record<string, string> {
  const { database } = ctx.config
  const file = database.client === 'sqlite' ? database.file : ''
  return Object.fromEntries(
    [file, `${file}-wal`]
      .filter(existsSync)
      .map((one) => [one.replace(/.*\//, ''), readFileSync(one, 'latin1')]),
  )
}

/** Everything the platforms gave away or were told that nobody else may know. */
function secretsOf(vk: Vk, evotor: Evotor): string[] {
  const told = [...vk.asked, ...evotor.asked].flatMap(({ query, form, headers }) => [
    ...SECRET.flatMap((name) => [query[name] ?? [], form[name] ?? []].flat()),
    headers.authorization?.replace(/^\w+ /, '') ?? [],
  ])
  const given = [...evotor.tokens.keys(), ...evotor.refreshTokens.keys(), ...vk.tokens.keys()]
  const ours = [vk.clientSecret, evotor.clientSecret, PERSON.password]
  return [...new Set([...ours, ...given, ...told.flat()])]
}

const SECRET = ['code', 'state', 'access_token', 'refresh_token', 'client_secret']
