import { expect, test } from 'vitest'
import { AXE, check, press } from '../support/accessible.ts'
import { useChromium } from '../support/chromium-page.ts'
import { PERSON } from '../support/browser.ts'
import { openShop, runOnce } from '../support/catalogue/shop.ts'
import { painted } from '../support/pictures.ts'
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

test.each([{ scripts: true }, { scripts: false }])(
  'photos are added, put in order and taken away on a telephone: %o',
  async ({ scripts }) => {
    const { scene, page, ids, go, visit } = await open({ scripts })
    await runOnce(scene)
    const path = `/photos/1/${ids.get('Роза Эквадор красная, 60 см') ?? ''}`
    const look = scripts ? visit : go
    await look(path)
    await page.getByLabel('Выбрать готовые фото').setInputFiles([await file(600), await file(700)])
    await page.getByRole('button', { name: 'Добавить фото' }).click()
    await page.getByText('Добавлено: 2 фото').waitFor()
    await page.getByLabel('Снять камерой').setInputFiles(await file(800))
    await page.getByRole('button', { name: 'Добавить фото' }).click()
    await page.getByText('Добавлено: 1 фото').waitFor()
    expect(await page.locator('.shots img').count()).toBe(3)
    await look(path)
    const main = await page.locator('.shots img').first().getAttribute('src')
    await page.getByRole('button', { name: 'Позже' }).first().click()
    await page.waitForURL(`**${path}`)
    expect(await page.locator('.shots img').nth(1).getAttribute('src')).toBe(main)
    await page.getByRole('button', { name: 'Убрать' }).last().click()
    await page.waitForURL(`**${path}`)
    expect(await page.locator('.shots img').count()).toBe(2)
  },
)

test('many photos at once: some find their product, one is given to it by hand', async () => {
  const { scene, page, visit } = await open()
  await runOnce(scene)
  expect(await visit('/photos')).toContain('Без фото: 6 товаров')
  await page.getByLabel('Фото', { exact: true }).setInputFiles([
    { ...(await file(600)), name: 'A-1.jpg' },
    { ...(await file(700)), name: 'IMG_1.jpg' },
  ])
  await page.getByRole('button', { name: 'Загрузить' }).click()
  await page.getByText('Разложили по товарам: 1 фото').waitFor()
  expect(await visit('/photos?link=1')).toContain('Ждут своего товара')

  await page.getByLabel('IMG_1.jpg').fill('Грунт для орхидей')
  await press(page, 'Это его фото')
  await page.getByText('Фото добавлено: Грунт для орхидей').waitFor()
  expect(await check(page, 'all given')).toContain('Без фото: 4 товара')
})

const file = async (width: number) => ({
  name: `${width}.jpg`,
  mimeType: 'image/jpeg',
  buffer: await painted(width, 600).jpeg().toBuffer(),
})

/** A small flower shop in which most goods have no photo, looked at on a telephone. */
async function open({ scripts = true } = {}) {
  const scene = await openShop({ photoId: undefined })
  const ids = addVitrina(scene)
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
  return { scene, page, ids, go, visit }
}
