import { describe, expect, test } from 'vitest'
import { freshAccess } from '../../app/flows/access.ts'
import { checkDue } from '../../app/flows/check-due.ts'
import { startApp } from '../support/app.ts'
import { type Browser, type Page, readable } from '../support/browser.ts'
import { ENGINES } from '../support/databases.ts'
import { define, openRayon, type Rayon, rayonFields } from '../support/rayon.ts'
import { cardText } from '../support/stage.ts'

describe.each(ENGINES)('A platform an administrator has defined, on %s', (engine) => {
  test('connects, is checked, is renewed and disconnects as any other', async () => {
    const { app, browser, rayon } = await openRayon({ engine })
    const saved = await define({ rayon, browser })
    expect(saved.location).toBe('/admin/providers/rayon')

    const before = cardText(await browser.get('/connections'), 'rayon')
    const back = await browser.connect('rayon')
    const after = cardText(await browser.get('/connections'), 'rayon')
    const page = await browser.get('/rayon')

    expect(before).toContain('Не подключено')
    expect(back.location).toBe('/connections')
    expect(after).toContain('Лавка на Садовой')
    expect(page.text).toContain('u-1@rayon.example')
    expect(page.text).toContain('catalog.write')
    const [token] = rayon.asked.filter(({ path }) => path === '/oauth/token')
    expect(token?.form.code_verifier).toMatch(/^[\w-]{43}$/)

    const connection = await app.ctx.connections.find(1, 'rayon')
    if (!connection) throw new Error('not connected')
    await app.ctx.db('connections').update({ refresh_due_at: new Date(0) })
    await checkDue(app.ctx, new Date(Date.now() + 1000), new AbortController().signal)
    const checked = await app.ctx.connections.find(1, 'rayon')
    expect([checked?.isOnline, checked?.revision]).toEqual([true, connection.revision + 1])

    await browser.submit(await browser.get('/rayon'), '/rayon/disconnect')
    expect(rayon.refreshTokens.size).toBe(0)
    expect((await browser.get('/rayon')).text).toContain('Доступ отозван')
  })
})
