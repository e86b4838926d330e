import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { useChromium } from '../support/chromium-page.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const chromium = useChromium()

/** Addresses, and the forms on them: where each goes, and what the button of its main action says. */
const PAGES: Record<string, readonly (readonly [action: string, button: RegExp])[]> = {
  '/sync/settings': [['/sync/settings', /^Сохранить/]],
  '/admin/providers/new': [['/admin/providers', /^Сохранить$/]],
  '/account': [
    ['/account', /^Сохранить$/],
    ['/account/password', /^(Сменить|Задать) пароль$/],
    ['/account/webhook', /^(Создать вебхук|Сохранить адрес)$/],
    ['/account/tokens', /^Создать токен$/],
  ],
}
const STRANGERS: typeof PAGES = {
  '/login': [['/login', /^Войти$/]],
  '/register': [['/register', /^Зарегистрироваться$/]],
}

test('Enter in any field of a form does what the form is for', async () => {
  const app = await startApp({ vk: await startVk(), evotor: await startEvotor() })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('evotor')
  await browser.connect('vk')
  const owner = await chromium.open(app.url)
  const value = browser.cookies.get('evosync') ?? ''
  await owner.context.addCookies([{ name: 'evosync', value, url: app.url }])
  const stranger = await chromium.open(app.url)

  expect(await pressEverywhere(owner.page, app.url, PAGES)).toBeGreaterThan(25)
  expect(await pressEverywhere(stranger.page, app.url, STRANGERS)).toBe(5)
})

const TEXT = 'input:not([type=hidden], [type=checkbox], [type=radio], [type=file])'

/** Presses Enter in each field of these forms, nothing is really sent; how many there were. */
async function pressEverywhere(page: Page, url: string, pages: typeof PAGES): Promise<number> {
  let pressed = 0
  for (const [address, forms] of Object.entries(pages)) {
    await page.goto(url + address)
    await catchSubmits(page)
    for (const [action, button] of forms) {
      const fields = await page.locator(`form[action="${action}"] ${TEXT}`).all()
      expect(fields, `${address}, ${action}`).not.toEqual([])
      for (const field of fields) {
        const where = `${address}, ${await field.getAttribute('name')}`
        await field.press('Enter')
        const [sent = { action: 'nothing', button: '' }] = await takeCaught(page)
        expect(sent.action, where).toBe(action)
        expect(sent.button, where).toMatch(button)
        pressed += 1
      }
    }
  }
  return pressed
}

/** Opens what is folded; what would be sent, and by which button, is noted instead. */
const catchSubmits = (page: Page) =>
  page.evaluate(`
    for (const one of document.querySelectorAll('details')) one.open = true
    window.caught = []
    document.addEventListener('submit', (event) => {
      event.preventDefault()
      event.stopImmediatePropagation()
      const { target: form, submitter } = event
      const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action')
      const named = submitter?.name ? submitter.name + '=' + submitter.value : ''
      window.caught.push({ action, button: named || (submitter?.textContent ?? '').trim() })
    }, true)
  `)

const takeCaught = (page: Page) =>
  page.evaluate<{ action: string; button: string }[]>('window.caught.splice(0)')
