import { isDeepStrictEqual } from 'node:util'
import { readSettings, type Settings } from '../../catalogue/settings.ts'
import type { Context } from '../../context.ts'
import { isSamePlace, type Link } from '../../store/sync-links.ts'
import { nextRunOf } from '../catalogue/save-link.ts'
import { emptyPlan, type Import, type Plan } from './plan.ts'

type Given = Import['contents']['pairs'][number]

/** How pairs that are here are carried; a pair itself needs its connections, and is made in the browser. */
export async function planPairs(all: Import): Promise<Plan> {
  const plan = emptyPlan()
  for (const given of all.contents.pairs) await planPair(all, given, plan)
  return plan
}

async function planPair(all: Import, given: Given, plan: Plan): Promise<void> {
  const name = `${given.storeName} → ${given.communityName || 'файл'} (${given.email})`
  const link = await linkOf(all.ctx, given)
  if (!link) {
    plan.notes.push(`${name}: такой пары здесь нет; создайте её в браузере и повторите`)
    return
  }
  const settings = settingsFor(given, link)
  if (!settings) all.problems.push(`${name}: настройки в файле записаны неверно.`)
  if (!settings || isDeepStrictEqual(settings, link.settings)) return
  plan.changes.push(`${name}: настройки`)
  plan.steps.push((unit) => keep(unit, link, settings))
}

async function linkOf(ctx: Context, { email, ...given }: Given): Promise<Link | undefined> {
  const owner = await ctx.users.findByEmail(email)
  const links = owner ? await ctx.syncLinks.list(owner.user.id) : []
  const { target, communityId, ...start } = given
  const end = target === '' ? {} : { target, communityId }
  return links.find((link) => isSamePlace(link, { ...start, ...end }))
}

/** Photos are numbers of a table that does not travel: the pair's own stay. */
function settingsFor({ settings }: Given, link: Link): Settings | undefined {
  const { photoId, photos } = link.settings
  try {
    return readSettings({ ...settings, ...(photoId && { photoId }), photos })
  } catch {
    return undefined
  }
}

async function keep(unit: Context, link: Link, settings: Settings): Promise<void> {
  await unit.syncLinks.change(link.id, link, settings)
  if (link.settings.everyMinutes !== settings.everyMinutes)
    await unit.syncLinks.setNextRun(link.id, await nextRunOf(unit, link, settings))
}
