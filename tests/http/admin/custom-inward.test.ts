import { expect, onTestFinished, test } from 'vitest'
import { addProvider } from '../../../app/flows/platforms/manage-provider.ts'
import { importProvider } from '../../../app/flows/platforms/import-provider.ts'
import { tryProvider } from '../../../app/flows/platforms/try-provider.ts'
import { startRayon } from '../../simulators/custom.ts'
import { startApp } from '../../support/app.ts'

test('an inner address the operator set for a platform of the list is not open to what administrators type', async () => {
  const inner = await startRayon()
  onTestFinished(() => inner.stop())
  const env = { VK_API_URL: `${inner.url}/method` }
  const app = await startApp({ env })
  await app.newBrowser().register()
  const fields = {
    key: 'rayon',
    title: 'Витрина',
    clientId: inner.clientId,
    clientSecret: inner.clientSecret,
    authorizeUrl: 'https://rayon.example/authorize',
    tokenUrl: `${inner.url}/oauth/token`,
    userinfoUrl: `${inner.url}/me`,
  }
  const faults = { tokenUrl: 'url_unsafe', userinfoUrl: 'url_unsafe' }

  expect(await addProvider(app.ctx, fields, 1)).toEqual({ ok: false, faults })
  expect(await tryProvider(app.ctx, 'rayon', fields)).toEqual({ ok: false, faults })
  expect(await importProvider(app.ctx, inner.url)).toEqual({ ok: false, fault: 'url_unsafe' })
  expect(inner.asked).toEqual([])
})

test('what was saved before is refused at the connection', async () => {
  const inner = await startRayon()
  onTestFinished(() => inner.stop())
  const app = await startApp({ env: { VK_API_URL: `${inner.url}/method` } })
  const browser = app.newBrowser()
  await browser.register()
  await app.ctx.customProviders.add({
    key: 'rayon',
    title: 'Витрина',
    icon: 'bi-plug',
    clientId: inner.clientId,
    clientSecret: inner.clientSecret,
    scope: '',
    scopeDelimiter: ' ',
    authorizeUrl: 'https://rayon.example/authorize',
    tokenUrl: `${inner.url}/oauth/token`,
    userinfoUrl: `${inner.url}/me`,
    issuerRequired: false,
    pkce: true,
    clientAuth: 'body',
    enabled: true,
  })
  await app.ctx.providers.reload()
  const start = new URL((await browser.get('/rayon/connect')).location)
  const state = start.searchParams.get('state') ?? ''

  const back = await browser.get(`/rayon/callback?code=x&state=${state}`)

  expect(back.location).toBe('/rayon?error=address_refused')
  expect(inner.asked).toEqual([])
})
