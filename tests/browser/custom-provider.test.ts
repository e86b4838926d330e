import { expect, test } from 'vitest'
import { withAccess } from '../../app/flows/connections/with-access.ts'
import { startApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { useChromium, WIDTHS } from '../support/chromium-page.ts'
import { startOidcServer } from '../support/oidc-server.ts'
import { freePort } from '../support/postgres.ts'

const chromium = useChromium()

test.each(WIDTHS)(
  'an administrator defines a platform by the address of its server, and owners connect it, at %i px',
  async (width) => {
    const { app, server } = await open()
    const { page, html } = await chromium.open(app.url, { width })
    await page.goto(`${app.url}/register`)
    await page.getByLabel('Как к вам обращаться').fill(PERSON.name)
    await page.getByLabel('Электронная почта').fill(PERSON.email)
    await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
    await page.getByLabel('Даю согласие').check()
    await page.getByRole('button', { name: 'Зарегистрироваться' }).click()
    await page.waitForURL(`${app.url}/connections`)

    // 1. The server tells its addresses itself.
    if (width < 768) await page.getByRole('button', { name: 'Меню' }).click()
    await page.getByRole('link', { name: 'Администрирование' }).click()
    await page.getByRole('link', { name: 'Добавить сервис' }).click()
    await page.getByLabel('Адрес сервера авторизации').fill(server.issuer)
    await page.getByRole('button', { name: 'Заполнить' }).click()
    await page.getByText('Адреса заполнены').waitFor()
    expect(await page.getByLabel('Адрес выдачи токена').inputValue()).toBe(`${server.issuer}/token`)
    expect(await page.getByLabel('PKCE (S256)').isChecked()).toBe(true)

    // 2. The addresses are tried before anything is saved, a wrong secret first.
    await page.getByLabel('Название').fill('Витрина района')
    await page.getByLabel('Ключ в адресе').fill('rayon')
    await page.getByLabel('ID приложения').fill(server.clientId)
    await page.getByLabel('Секрет (client_secret)', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Проверить адреса' }).click()
    await page.getByText('ID или секрет не подходят').waitFor()
    await page.getByLabel('Секрет (client_secret)', { exact: true }).fill(server.clientSecret)
    await page.getByRole('button', { name: 'Проверить адреса' }).click()
    await page.getByText('Все адреса подходят').waitFor()
    server.refused.length = 0

    // 3. It is saved, its secret is not shown again.
    await page.getByLabel('Секрет (client_secret)', { exact: true }).fill(server.clientSecret)
    await page.getByRole('button', { name: 'Сохранить' }).click()
    await page.waitForURL(`${app.url}/admin/providers/rayon`)
    expect(await page.locator('#redirect-uri').innerText()).toBe(`${app.url}/rayon/callback`)

    // 4. An answer in another server's name is refused, and its code goes nowhere.
    server.posesAs = 'https://id.thief.example'
    await page.goto(`${app.url}/rayon`)
    await page.getByRole('link', { name: 'Подключить Витрина района' }).click()
    await page.getByRole('button', { name: 'Разрешить' }).click()
    await page.waitForURL(/\/rayon\?error=/)
    expect(await page.locator('.notice-bad').innerText()).toContain('Не получилось подключить')
    expect(server.granted).toEqual([])
    delete server.posesAs

    // 5. The same person connects; the server demands PKCE and gets it.
    await page.getByRole('link', { name: 'Подключить Витрина района' }).click()
    await page.waitForURL(`${app.url}/connections`)
    const card = page.getByRole('listitem', { name: 'Витрина района' })
    expect(await card.innerText()).toContain('Лавка у моста')
    expect(await card.locator('.badge').innerText()).toBe('Подключено')
    expect(server.granted).toEqual(['authorization_code'])

    // 6. After the end of the access, 200 who want it at once make one renewal, and no refresh token is used twice.
    const provider = app.ctx.providers.get('rayon')
    for (let round = 1; round <= 3; round += 1) {
      const past = new Date(Date.now() - 1000)
      await app.ctx.db('connections').update({ refresh_due_at: past, expires_at: past })
      const names = await Promise.all(
        Array.from({ length: 200 }, () =>
          withAccess(app.ctx, 1, provider, async (api) => (await provider.identify(api)).name),
        ),
      )
      expect(new Set(names)).toEqual(new Set(['Лавка у моста']))
      expect(server.granted.filter((type) => type === 'refresh_token')).toHaveLength(round)
    }
    expect([server.refused, server.revoked]).toEqual([[], 0])

    // 7. Disconnecting is seen at the server.
    await page.goto(`${app.url}/rayon`)
    await page.getByRole('button', { name: 'Отключить аккаунт' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Отключить' }).click()
    await page.getByText('Доступ отозван').waitFor()
    expect(server.revoked).toBe(1)

    // 8. The administrator removes the platform again.
    await page.goto(`${app.url}/admin/providers/rayon`)
    await page.getByRole('link', { name: 'Удалить сервис' }).click()
    await page.getByLabel('Ключ сервиса').fill('rayon')
    await page.getByRole('button', { name: 'Удалить сервис' }).click()
    await page.getByText('Сервис «Витрина района» удалён').waitFor()
    expect(html.join()).not.toContain(server.clientSecret)
  },
)

async function open() {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const server = await startOidcServer(`${url}/rayon/callback`)
  const OUTBOUND_ALLOW = new URL(server.issuer).host
  const app = await startApp({
    env: { OUTBOUND_ALLOW, PORT: String(port), BASE_URL: url },
    http: { timeoutMs: 15_000 }, // the real limit: 200 calls at once may take their time on a busy machine
  })
  return { app, server }
}
