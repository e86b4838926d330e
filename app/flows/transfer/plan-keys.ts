import { openFields } from '../platforms/enter-keys.ts'
import { textFault } from '../platforms/platform-schema.ts'
import { emptyPlan, type Import, type Plan } from './plan.ts'

type Values = Record<string, string>

/** What was entered for platforms of the list: values of the file are added and replace, none is taken away. */
export async function planKeys(all: Import): Promise<Plan> {
  const plan = emptyPlan()
  for (const key of Object.keys(all.contents.platforms)) await planPlatform(all, key, plan)
  return plan
}

async function planPlatform(all: Import, key: string, plan: Plan): Promise<void> {
  const { ctx, problems } = all
  if (ctx.providers.fieldsOf(key).length === 0) {
    problems.push(`${key}: такого сервиса эта версия EvoSync не знает.`)
    return
  }
  const stored = await ctx.platformSettings.of(key)
  const before: Values = {}
  for (const { name, value } of stored) if (value) before[name] = value
  const given = usable(all, key, plan)
  const changed = Object.entries(given).filter(([name, value]) => before[name] !== value)
  if (changed.length === 0) return
  problems.push(...faultsOf(all, key, { ...before, ...given }))
  const changes: Values = Object.fromEntries(changed)
  plan.changes.push(`${ctx.providers.get(key).title}: ${Object.keys(changes).join(', ')}`)
  plan.steps.push(({ platformSettings }) => platformSettings.change(key, changes))
}

/** What of the file can be entered here. */
function usable({ ctx, contents, secrets }: Import, key: string, { notes }: Plan): Values {
  const { title } = ctx.providers.get(key)
  const { values = {}, keys = [] } = contents.platforms[key] ?? {}
  const given: Values = { ...values, ...secrets.platforms[key] }
  const withheld = keys.filter((name) => given[name] === undefined)
  if (withheld.length > 0) {
    notes.push(`${title}: ключей в файле нет (${withheld.join(', ')}), остаются те, что здесь`)
  }
  const open = new Set(openFields(ctx, key).map(({ name }) => name))
  const known = new Set(ctx.providers.fieldsOf(key).map(({ name }) => name))
  const taken = Object.keys(given).filter((name) => known.has(name) && !open.has(name))
  if (taken.length > 0)
    notes.push(`${title}: ${taken.join(', ')} заданы в окружении этой установки, оно главнее`)
  return Object.fromEntries(Object.entries(given).filter(([name]) => !taken.includes(name)))
}

function faultsOf({ ctx }: Import, key: string, values: Values): string[] {
  const { title } = ctx.providers.get(key)
  const known = ctx.providers.fieldsOf(key).map(({ name }) => name)
  const strange = Object.entries(values).flatMap(([name, value]) =>
    !known.includes(name) || textFault(value) ? [`${title}, ${name}: так записать нельзя.`] : [],
  )
  const judged = ctx.providers.judge(key, values)
  const words = judged.ok ? [] : Object.entries(judged.faults)
  return [...strange, ...words.map(([name, why]) => `${title}, ${name}: ${why}`)]
}
