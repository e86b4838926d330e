import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import { startApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium, WIDTHS } from '../support/chromium-page.ts'
import { ROOT, tempFolder } from '../support/process.ts'
import { startVk } from '../support/simulators.ts'

const chromium = useChromium()

test.each(WIDTHS)("the plan's verification, step by step, at %i px", async (width) => {
  // 1. The migrations run by the administrator's own command.
  const file = path.join(tempFolder(), 'plan.sqlite')
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_FILE: file }
  execFileSync('npm', ['run', '--silent', 'migrate'], { cwd: ROOT, env, stdio: 'pipe' })
  const columns = openSqlite(file, { readonly: true }).pragma('table_info(connections)') as {
    name: string
  }[]
  expect(columns.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'user_id',
      'account_id',
      'is_online',
      'last_checked_at',
      'connected_at',
      'updated_at',
    ]),
  )

  const vk = await startVk()
  vk.perSecond = 1000
  const app = await startApp({ vk, env: { HEALTH_CHECK_CRON: '* * * * * *' } })
  const { page } = await chromium.open(app.url, { width })
  await page.goto(`${app.url}/register`)
  await page.getByLabel('Как к вам обращаться').fill(PERSON.name)
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
  await page.getByLabel('Даю согласие').check()
  await page.getByRole('button', { name: 'Зарегистрироваться' }).click()

  // 2. The dashboard shows VK as disconnected, grey.
  const card = page.getByRole('article', { name: 'ВКонтакте' })
  await card.waitFor()
  expect(await card.locator('.badge').innerText()).toBe('Не подключено')
  expect(await card.locator('.badge').getAttribute('class')).toContain('text-bg-secondary')

  // 3. VK, "Подключить ВКонтакте", and the person is at VK.
  await card.getByRole('link', { name: 'Подключить' }).click()
  await page.getByRole('link', { name: 'Подключить ВКонтакте' }).click()
  await page.getByRole('button', { name: 'Разрешить' }).waitFor()
  expect(new URL(page.url()).origin).toBe(vk.url)

  // 4. After VK the token is saved and the dashboard is green.
  await page.getByRole('button', { name: 'Разрешить' }).click()
  await page.waitForURL(`${app.url}/connections`)
  expect(await card.locator('.badge').innerText()).toBe('Подключено')
  expect(await card.locator('.badge').getAttribute('class')).toContain('text-bg-success')
  expect(await card.innerText()).toContain('Марина Ковалёва')

  // 5. The page of VK shows the profile.
  await card.getByRole('link', { name: 'Подробнее' }).click()
  const main = page.getByRole('main')
  expect(await main.innerText()).toContain('Марина Ковалёва')
  expect(await main.locator('code').first().innerText()).toBe('21450987')
  expect(await main.getByRole('link', { name: 'Переподключить' }).isVisible()).toBe(true)

  // 6. Disconnecting turns the card grey again.
  await page.getByRole('button', { name: 'Отключить аккаунт ВКонтакте' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click()
  await page.waitForURL(`${app.url}/vk`)
  await page.getByRole('link', { name: 'Вернуться к подключениям' }).click()
  expect(await card.locator('.badge').innerText()).toBe('Не подключено')

  await card.getByRole('link', { name: 'Подключить' }).click()
  await page.getByRole('link', { name: 'Подключить ВКонтакте' }).click()
  await page.getByRole('button', { name: 'Разрешить' }).click()
  await page.waitForURL(`${app.url}/connections`)
  await card.getByRole('link', { name: 'Подробнее' }).click()

  // 7. A health check cycle updates is_online and last_checked_at, and finds a revocation.
  const before = await app.ctx.connections.find(1, 'vk')
  await expect
    .poll(async () => (await app.ctx.connections.find(1, 'vk'))?.lastCheckedAt?.getTime())
    .toBeGreaterThan(before?.lastCheckedAt?.getTime() ?? 0)
  vk.revoke(21450987)
  await expect.poll(async () => (await app.ctx.connections.find(1, 'vk'))?.isOnline).toBe(false)
  await page.reload()
  expect(await page.locator('.titlerow .badge').innerText()).toBe('Нет доступа')
})
