import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { closing } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'
import { stagingsOf } from '../../simulators/all.ts'
import type { PlatformSimulator } from '../../simulators/simulator.ts'

/** What is asked after the exchange and does not wait for each other. */
const QUESTIONS: [key: string, RegExp][] = [
  ['vk', /users\.get$|getAppPermissions$/],
  ['facebook', /\/me$|\/me\/permissions$|\/me\/adaccounts$/],
  ['gsc', /userinfo$|\/sites$/],
]

test.each(QUESTIONS)('%s is asked side by side when somebody comes back', async (key, paths) => {
  const { browser, stage } = await openFirst(key)
  const back = await browser.consent(`/${key}/connect`)
  const told = stage.simulator.asked.length
  const together = new Set<string>()
  const all = everyoneAsked(stage.simulator, told, paths, together)
  stage.simulator.fault('*', { until: all })
  stage.simulator.fault(stage.tokenPath, { times: 0 })

  const page = await browser.get(back)

  expect(page.location).toBe('/connections')
  expect(together.size).toBe(paths.source.split('|').length)
})

async function openFirst(key: string) {
  const [[first] = []] = await stagingsOf([key])
  if (!first) throw new Error(`no ${key}`)
  return await openScene(closing(first))
}

/** Waits until each of the questions has been asked, and none answered; gives up after a while. */
async function everyoneAsked(
  simulator: PlatformSimulator,
  from: number,
  paths: RegExp,
  seen: Set<string>,
): Promise<void> {
  const wanted = paths.source.split('|').length
  for (let tries = 0; tries < 60 && seen.size < wanted; tries += 1) {
    await pause(10)
    for (const { path } of simulator.asked.slice(from)) if (paths.test(path)) seen.add(path)
  }
}
