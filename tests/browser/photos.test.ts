import { expect, test } from 'vitest'
import { AXE, check, press } from '../support/accessible.ts'
import { useChromium } from '../support/chromium-page.ts'
import { PERSON } from '../support/browser.ts'
import { openShop, runOnce } from '../support/catalogue/shop.ts'
import { addVitrina } from '../support/catalogue/vitrina.ts'

const chromium = useChromium()

test('what has no photo is offered a drawn card, and one yes is enough', async () => {
  const { scene, page, visit } = await open()
  await runOnce(scene)
  expect(await visit('/sync/runs/1')).toContain('Нарисовать карточки')

  expect(await visit('/sync/preview')).toContain('Без фото — 6 товаров')
  const drawn = page.locator('.draw-samples img')
  expect(await drawn.count()).toBe(3)
  for (const image of await drawn.all())
    expect(await image.evaluate((one: { naturalWidth: number }) => one.naturalWidth)).toBe(1000)
  await press(page, 'Нарисовать карточки')
  await page.waitForURL('**/sync/preview?link=1')

  expect(await check(page, 'after the yes')).toContain('Карточки нарисованы')
  expect(await runOnce(scene)).toMatchObject({ state: 'done', created: 6, failed: 0 })
  expect(await visit('/sync/settings')).toContain('Рисовать карточки')
  expect(await page.getByLabel('Рисовать карточки').isChecked()).toBe(true)
})

/** A small flower shop in which most goods have no photo, looked at on a telephone. */
async function open({ scripts = true } = {}) {
  const scene = await openShop({ photoId: undefined })
  addVitrina(scene)
  const window = await chromium.open(scene.app.url, { width: 360, scripts, first: AXE })
  const { page } = window
  const go = (path: string) => page.goto(scene.app.url + path)
  await go('/login')
  await page.getByLabel('Почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
  await page.getByRole('button', { name: 'Войти', exact: true }).click()
  await page.waitForURL('**/connections')
  const visit = async (path: string) => {
    await go(path)
    return await check(page, path)
  }
  return { scene, page, go, visit }
}
