import { describe, expect, test } from 'vitest'
import { startApp } from '../support/app.ts'

const DARK = { theme: 'dark' }

describe('Light or dark', () => {
  test('is as the device has it until somebody chooses, guests too', async () => {
    const { browser } = await guest()

    const before = await browser.get('/login')
    const chosen = await browser.post('/theme', DARK, { referer: `${browser.base}/login?error=x` })
    const after = await browser.get('/login')

    expect(before.html).toContain('<html lang="ru">')
    expect(before.html).toContain('name="color-scheme" content="light dark"')
    expect([chosen.status, chosen.location]).toEqual([303, '/login?error=x'])
    expect(after.html).toContain('<html lang="ru" data-theme="dark">')
    expect(after.html).toContain('name="color-scheme" content="dark"')
    expect(after.dom.querySelector('.theme [aria-pressed=true]')?.text).toContain('Тёмная')
  })

  test('can be left to the device again', async () => {
    const { browser } = await guest()
    await browser.post('/theme', DARK)

    await browser.post('/theme', { theme: 'auto' })

    expect((await browser.get('/help')).html).toContain('<html lang="ru">')
  })

  test('is remembered for a year, by one word that scripts do not see', async () => {
    const { browser } = await guest()

    const { headers } = await browser.post('/theme', DARK)

    expect(String(headers['set-cookie'])).toMatch(
      /^evosync-theme=dark; Max-Age=31536000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  test.each([
    ['nothing', {}],
    ['a word of nobody', { theme: 'neon" onload="x' }],
  ])('%s is the device again, and no 500', async (_name, fields) => {
    const { browser } = await guest()

    const answer = await browser.post('/theme', fields)

    expect([answer.status, answer.location]).toEqual([303, '/'])
    expect((await browser.get('/login')).html).toContain('<html lang="ru">')
  })

  test('is nothing for other sites to decide, and leads nowhere but to us', async () => {
    const { browser } = await guest()

    const foreign = await browser.post('/theme', DARK, { origin: 'https://evil.example' })
    const led = await browser.post('/theme', DARK, {
      referer: 'https://evil.example//evil.example',
    })

    expect(foreign.status).toBe(403)
    expect(foreign.headers).not.toHaveProperty('set-cookie')
    expect(led.location).toBe('/')
  })

  test('a word in the cookie that is no theme changes nothing', async () => {
    const { browser } = await guest()

    const page = await browser.get('/login', { cookie: 'evosync-theme="><script>' })

    expect(page.html).toContain('<html lang="ru">')
  })

  test('is not offered where a form is answered: that page has no address to come back to', async () => {
    const { browser } = await guest()

    const page = await browser.submit(await browser.get('/login'), '/login', { email: 'nobody@' })

    expect(page.dom.querySelector('.theme')).toBeNull()
  })
})

async function guest() {
  const app = await startApp()
  return { browser: app.newBrowser() }
}
