import { onTestFinished } from 'vitest'
import type { PlatformSimulator } from '../simulators/simulator.ts'
import { type Options, startApp, type TestApp } from './app.ts'
import { type Browser, type Page, readable } from './browser.ts'
import type { Platform, Stage } from './platforms.ts'

/** A platform, EvoSync beside it, and a person who has registered. */
export interface Scene {
  app: TestApp
  browser: Browser
  stage: Stage
}

export async function openScene(
  platform: Pick<Platform, 'stage'>,
  { engine = 'sqlite', env = {}, ...more }: Pick<Options, 'engine' | 'env' | 'http'> = {},
): Promise<Scene> {
  const stage = await platform.stage()
  const app = await startApp({
    engine,
    simulators: [stage.simulator],
    env: { ...stage.env, ...env },
    ...more,
  })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, stage }
}

/** A platform whose day a test means to spoil, EvoSync beside it, and a person who has registered. */
export async function openBeside<S extends PlatformSimulator>(
  starting: Promise<S>,
  env: Record<string, string> = {},
): Promise<{ app: TestApp; browser: Browser; platform: S }> {
  const platform = await starting
  onTestFinished(() => platform.stop())
  const app = await startApp({ simulators: [platform], env })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, platform }
}

/** A person who is connected already. */
export async function openConnectedScene(...args: Parameters<typeof openScene>): Promise<Scene> {
  const scene = await openScene(...args)
  const back = await scene.browser.connect(scene.stage.key)
  if (back.location !== '/connections') throw new Error(`not connected: ${back.location}`)
  return scene
}

/** What a card of the dashboard says. */
export function cardText(page: Page, key: string): string {
  return readable(page.dom.querySelector(`[aria-labelledby=c-${key}]`)?.outerHTML ?? '')
}
