import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { CHROMIUM_FLAGS } from './chromium.ts'

/** Ends what hangs. */
const HANGS_MS = 120_000

export const WIDTHS = [1280, 360] as const

/** A real browser window; what goes wrong in it fails the test. */
export interface Window {
  page: Page
  context: BrowserContext
  /** Everything our own pages said, for searching. */
  html: string[]
  /** Lines of the console that are no news: the browser repeats the status of an error page there. */
  complaints: string[]
}

export interface Wishes {
  width?: number
  scripts?: boolean
  /** A script that each of its pages begins with. */
  first?: string
}

/** One Chromium a file; call at the top of it. */
export function useChromium(): {
  open: (base: string, options?: Wishes) => Promise<Window>
} {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('chromium'), args: CHROMIUM_FLAGS })
  })
  afterAll(() => browser?.close())
  return {
    async open(base, { width = 1280, scripts = true, first } = {}) {
      if (!browser) throw new Error('no browser yet')
      const context = await browser.newContext({
        locale: 'ru-RU',
        timezoneId: 'Europe/Moscow',
        viewport: { width, height: 800 },
        javaScriptEnabled: scripts,
      })
      context.setDefaultTimeout(HANGS_MS)
      if (first !== undefined) await context.addInitScript(first)
      const window = { context, page: await context.newPage(), html: [], complaints: [] }
      watch(window, base)
      onTestFinished(async () => {
        await context.close()
        expect(window.complaints).toEqual([])
      })
      return window
    },
  }
}

/** No errors in the console, no failed script, no request to anybody but us and the platforms of the test. */
function watch({ page, html, complaints }: Window, base: string) {
  const origin = new URL(base).origin
  page.on('console', (message) => {
    const expected = /^Failed to load resource: the server responded with a status of [45]/.test(
      message.text(),
    )
    if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const { origin: to, hostname } = new URL(request.url())
    const platform = hostname === '127.0.0.1' && request.isNavigationRequest()
    if (to !== origin && !platform && hostname !== '')
      complaints.push(`foreign request: ${request.url()}`)
  })
  page.on('response', (response) => {
    const ours = response.url().startsWith(origin)
    if (
      ours &&
      response.headers()['content-type']?.startsWith('text/html') &&
      response.status() < 300
    ) {
      void response.text().then(
        (text) => html.push(text),
        () => undefined,
      )
    }
  })
}
