import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import type { Stage, Staging } from '../simulators/stage.ts'
import { stagings as facebookWays } from '../simulators/facebook.ts'
import { stagings as shopeeWays } from '../simulators/shopee.ts'
import type { TestApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium } from '../support/chromium-page.ts'
import { closing } from '../support/platforms.ts'
import { openScene } from '../support/stage.ts'

/** A way to be connected as its owner meets it. */
interface Walk {
  ways: readonly Staging[]
  width: number
  /** How the access comes to be renewed. */
  renew: (walk: Scene) => Promise<void>
  /** A right, and a row of the table, as the page says them. */
  granted: string
  row: string
  /** What is said after disconnecting. */
  farewell: string
}

interface Scene {
  page: Page
  app: TestApp
  stage: Stage
}

const chromium = useChromium()

test.each<Walk & { name: string }>([
  {
    name: 'Facebook',
    ways: facebookWays,
    width: 1280,
    renew: renewByButton,
    granted: 'Чтение рекламы. Видеть рекламные кабинеты, кампании и отчёты по ним.',
    row: 'Букеты оптом',
    farewell: 'Доступ отозван, ключи доступа удалены.',
  },
  {
    name: 'Shopee',
    ways: shopeeWays,
    width: 360,
    renew: renewByItself,
    granted: 'Магазины. Видеть название, страну и состояние ваших магазинов.',
    row: 'Сингапур',
    farewell: 'Снять доступ можно на странице отмены авторизации Shopee',
  },
])(
  'an owner connects $name, sees it live, loses it, mends it and disconnects it, at $width px',
  async ({ ways, width, renew, granted, row, farewell }) => {
    const scene = await open(ways, width)
    const { page, app, stage } = scene
    const card = page.getByRole('listitem', { name: stage.title })
    const badge = page.locator('.titlerow .badge')
    const main = page.getByRole('main')

    // 1. Connected by clicking: the card is green and names the account.
    await page.getByText('Что ещё можно подключить').click()
    expect(await card.locator('.badge').innerText()).toBe('Не подключено')
    await card.getByRole('link', { name: 'Подключить' }).click()
    await consent(scene)
    expect(await card.locator('.badge').innerText()).toBe('Подключено')
    expect(await card.locator('.badge').getAttribute('class')).toContain('text-bg-success')
    expect(await card.innerText()).toContain(stage.first)
    const first = await stored(scene)

    // 2. Its page says whose account it is, what is there, and what was granted.
    await card.getByRole('link', { name: 'Подробнее' }).click()
    await badge.waitFor()
    const text = await main.innerText()
    for (const said of [stage.first, 'Выданный доступ', granted, row]) expect(text).toContain(said)
    expect(await overflow(page)).toBe(0)

    // 3. A check asks the platform and finds it alive.
    const asked = stage.simulator.count(stage.probePath)
    await pressed(page, 'Проверить сейчас')
    expect(stage.simulator.count(stage.probePath)).toBe(asked + 1)
    expect(Number((await stored(scene)).lastCheckedAt)).toBeGreaterThan(Number(first.lastCheckedAt))
    expect(await badge.innerText()).toBe('Подключено')

    // 4. The access is renewed.
    const tokens = await app.ctx.connections.tokensOf(1, stage.key)
    await renew(scene)
    expect((await app.ctx.connections.tokensOf(1, stage.key))?.accessToken).not.toBe(
      tokens?.accessToken,
    )
    expect(await stored(scene)).toMatchObject({ id: first.id, revision: first.revision + 1 })

    // 5. The grant is taken back at the platform, and the next tick notices.
    stage.revoke()
    await tick(app)
    await page.reload()
    expect(await badge.innerText()).toBe('Нет доступа')
    expect(await stored(scene)).toMatchObject({ isOnline: false, health: 'revoked' })
    expect(await overflow(page)).toBe(0)

    // 6. It is reconnected in place.
    await page.getByRole('link', { name: 'Переподключить' }).click()
    await consent(scene)
    expect(await card.locator('.badge').innerText()).toBe('Подключено')
    expect(await stored(scene)).toMatchObject({ id: first.id, isOnline: true, health: 'online' })

    // 7. It is disconnected, and the page says what becomes of the grant.
    await card.getByRole('link', { name: 'Подробнее' }).click()
    await page.getByRole('button', { name: `Отключить аккаунт ${stage.title}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click()
    await page.getByText(`Аккаунт ${stage.title} отключён`).waitFor()
    expect(await main.innerText()).toContain(farewell)
    expect(await badge.innerText()).toBe('Не подключено')
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  },
)

/** The first way of a platform, and a person who has just signed in by the form. */
async function open([way]: readonly Staging[], width: number): Promise<Scene> {
  if (!way) throw new Error('no way to be connected')
  const { app, stage } = await openScene(closing(way))
  const { page } = await chromium.open(app.url, { width })
  await page.goto(`${app.url}/login`)
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
  await page.getByRole('button', { name: 'Войти' }).click()
  await page.waitForURL(`${app.url}/connections`)
  return { page, app, stage }
}

/** At the platform: yes, for the first account. */
async function consent({ page, app }: Scene) {
  await page.getByRole('button', { name: 'Разрешить' }).click()
  await page.waitForURL(`${app.url}/connections`)
}

async function renewByButton({ page }: Scene) {
  await pressed(page, 'Продлить сейчас')
  expect(await page.getByRole('main').innerText()).toContain('Доступ продлён')
}

async function renewByItself({ page, app }: Scene) {
  await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
  await tick(app)
  await page.reload()
  expect(await page.getByRole('main').innerText()).toContain('Доступ действует до')
}

/** The page that comes back is another document. */
async function pressed(page: Page, name: string) {
  const another = page.waitForEvent('domcontentloaded')
  await page.getByRole('button', { name }).click()
  await another
}

async function stored({ app, stage }: Scene) {
  const connection = await app.ctx.connections.find(1, stage.key)
  if (!connection) throw new Error('not connected')
  return connection
}

async function tick({ ctx }: TestApp) {
  await checkDue(ctx, new Date(), new AbortController().signal)
}

const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
