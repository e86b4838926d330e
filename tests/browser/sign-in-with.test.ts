import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { AXE, look } from '../support/accessible.ts'
import { startApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium, WIDTHS } from '../support/chromium-page.ts'
import { startVk } from '../support/simulators.ts'

const chromium = useChromium()
/** axe needs scripts to look. */
const CASES = WIDTHS.map((width, index) => ({ width, scripts: index === 0 }))

describe.each(CASES)('At $width px, scripts $scripts', ({ width, scripts }) => {
  test('a person links ВКонтакте by clicking, comes in by it, and takes it away again', async () => {
    const vk = await startVk()
    const app = await startApp({ vk })
    await app.newBrowser().register()
    const { page } = await chromium.open(app.url, { width, scripts, first: AXE })

    await page.goto(`${app.url}/account`)
    await page.getByLabel('Электронная почта').fill(PERSON.email)
    await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
    await page.getByRole('button', { name: 'Войти' }).click()
    await page.getByRole('link', { name: 'Привязать ВКонтакте' }).click()
    await page.getByRole('button', { name: 'Разрешить' }).click()
    await page.waitForURL(`${app.url}/account`)
    if (scripts) await look(page, 'linked')
    expect(await main(page)).toContain('Вход через ВКонтакте добавлен')

    await page.getByRole('button', { name: 'Выйти' }).click()
    await page.getByRole('link', { name: 'Войти через ВКонтакте' }).click()
    await page.getByRole('button', { name: 'Отменить' }).click()
    await page.waitForURL(`${app.url}/login?error=access_denied`)
    if (scripts) await look(page, 'cancelled')
    expect(await main(page)).toContain('Вход отменён')
    await page.getByRole('link', { name: 'Войти через ВКонтакте' }).click()
    await page.getByRole('button', { name: 'Разрешить' }).click()
    await page.waitForURL(`${app.url}/connections`)

    await page.goto(`${app.url}/account`)
    await page.getByRole('button', { name: 'Отвязать ВКонтакте' }).click()
    expect(await main(page)).toContain('Способ входа отвязан')
    expect(await app.ctx.identities.of(1)).toEqual([])
  })

  test('a person without a password sees what they can do', async () => {
    const vk = await startVk()
    const app = await startApp({ vk })
    const browser = app.newBrowser()
    await browser.register()
    await browser.get(await browser.consent('/account/sign-in/vk/link'))
    await app.ctx.db('users').update({ password_hash: null })
    const { page } = await chromium.open(app.url, { width, scripts, first: AXE })

    await page.goto(`${app.url}/register`)
    if (scripts) await look(page, 'register')
    await page.getByRole('link', { name: 'Войти через ВКонтакте' }).click()
    await page.getByRole('button', { name: 'Разрешить' }).click()
    await page.waitForURL(`${app.url}/connections`)

    await page.goto(`${app.url}/account`)
    if (scripts) await look(page, 'without a password')
    expect(await main(page)).toContain('единственный способ')
    await page.goto(`${app.url}/account/delete`)
    if (scripts) await look(page, 'delete')
    await page.getByLabel('Электронная почта').fill('oleg@example.ru')
    await page.getByRole('button', { name: 'Удалить аккаунт' }).click()
    expect(await main(page)).toContain('Это не почта вашего аккаунта')
  })
})

const main = (page: Page) => page.getByRole('main').innerText()
