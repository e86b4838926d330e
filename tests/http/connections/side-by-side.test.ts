import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { closing } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'
import { stagingsOf } from '../../simulators/all.ts'
import { GOOGLE_USERINFO } from '../../simulators/google/id.ts'
import { GSC_SITES } from '../../simulators/gsc.ts'
import type { Simulator } from '../../simulators/simulator.ts'

/** What is asked after the exchange and does not wait for each other. */
const QUESTIONS: [key: string, paths: string[]][] = [
  ['vk', ['/method/users.get', '/method/account.getAppPermissions']],
  ['facebook', ['/v26.0/me', '/v26.0/me/permissions', '/v26.0/me/adaccounts']],
  ['gsc', [GOOGLE_USERINFO, GSC_SITES]],
]

test.each(QUESTIONS)('%s is asked side by side when somebody comes back', async (key, paths) => {
  const { browser, stage } = await openFirst(key)
  const back = await browser.consent(`/${key}/connect`)
  const seen = new Set<string>()
  const until = allAsked(stage.simulator, paths, seen)
  for (const path of paths) stage.simulator.fault(path, { until })

  const page = await browser.get(back)

  expect(page.location).toBe('/connections')
  expect([...seen].sort()).toEqual([...paths].sort())
})

async function openFirst(key: string) {
  const [[first] = []] = await stagingsOf([key])
  if (!first) throw new Error(`no ${key}`)
  return await openScene(closing(first))
}

/** None is answered before each has been asked; gives up a second after the first of them. */
async function allAsked(simulator: Simulator, paths: readonly string[], seen: Set<string>) {
  const from = simulator.asked.length
  for (let left = 100; left > 0 && seen.size < paths.length; left -= seen.size > 0 ? 1 : 0) {
    await pause(10)
    for (const { path } of simulator.asked.slice(from)) if (paths.includes(path)) seen.add(path)
  }
}
