import { onTestFinished } from 'vitest'
import type { OAuthSimulator } from '../simulators/oauth-server.ts'
import { rayonFields, startRayon as start } from '../simulators/custom.ts'
import { type Options, startApp, type TestApp } from './app.ts'
import type { Browser, Page } from './browser.ts'

/** A platform nobody has written a file for, EvoSync that may reach it, and its administrator. */
export interface Rayon {
  rayon: OAuthSimulator
  app: TestApp
  browser: Browser
}

export async function openRayon(
  options: Omit<Options, 'simulators' | 'beside'> & {
    rules?: Parameters<typeof start>[0]
    /** Another server EvoSync may reach, as `host:port`. */
    beside?: string
  } = {},
): Promise<Rayon> {
  const { rules, env, beside, ...more } = options
  const rayon = await start(rules)
  onTestFinished(() => rayon.stop())
  const allowed = [new URL(rayon.url).host, ...(beside ? [beside] : [])].join()
  const app = await startApp({ env: { OUTBOUND_ALLOW: allowed, ...env }, ...more })
  rayon.redirectUris.push(`${app.url}/rayon/callback`)
  const browser = app.newBrowser()
  await browser.register()
  return { rayon, app, browser }
}

export { rayonFields }

/** Defines the platform by the page. */
export async function define(
  { rayon, browser }: Pick<Rayon, 'rayon' | 'browser'>,
  changes: Record<string, string> = {},
): Promise<Page> {
  const page = await browser.get('/admin/providers/new')
  return await browser.submit(page, '/admin/providers', { ...rayonFields(rayon), ...changes })
}
