import { isDeepStrictEqual } from 'node:util'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { checkFields, keyFault, mayKeepSecret, movedAddress } from '../platforms/platform-fields.ts'
import { toChanges } from './custom-fields.ts'
import { emptyPlan, type Import, meanwhile, type Plan } from './plan.ts'

/** Platforms of administrators: those of the file are added or replaced, others stay. The rules are the form's own. */
export async function planCustom(all: Import): Promise<Plan> {
  const plan = emptyPlan()
  for (const { key, ...described } of all.contents.customProviders) {
    const before = await all.ctx.customProviders.find(key)
    const clientSecret = all.secrets.customProviders[key]
    const checked = await checkFields(all.ctx, { ...described, clientSecret })
    if (!checked.ok) {
      const fields = Object.keys(checked.faults).join(', ')
      all.problems.push(`${key}: поля ${fields} в файле записаны неверно.`)
    } else if (before) await planChange(all, before, checked.values, plan)
    else planAddition(all, key, checked.values, plan)
  }
  return plan
}

function planAddition(all: Import, key: string, values: PlatformChanges, plan: Plan): void {
  const { title } = values
  if (keyFault(all.ctx, key)) {
    all.problems.push(`${key}: такой адрес страницы занят самим EvoSync или записан неверно.`)
    return
  }
  const platform = { key, ...withoutSecret(values) }
  if (isLame(values)) platform.enabled = false
  const off = isLame(values) ? ' (выключен: секрета в файле нет, впишите его на странице)' : ''
  plan.changes.push(`${title}: добавится${off}`)
  plan.steps.push(async ({ customProviders }) => {
    if (!(await customProviders.add(platform))) meanwhile(title)
  })
}

async function planChange(
  all: Import,
  before: StoredPlatform,
  given: PlatformChanges,
  plan: Plan,
): Promise<void> {
  const { key, title, revision } = before
  const values = isLame(given) && !before.hasSecret ? { ...given, enabled: false } : given
  if (isSame(before, values)) return
  const kept = isLame(given)
  const moved = movedAddress(before, values)
  if (kept && before.hasSecret && !mayKeepSecret(before, values))
    all.problems.push(
      `${title}: в файле другой адрес, а секрета нет. Прежний секрет туда не отправим: сделайте файл с секретами.`,
    )
  if (moved && (await all.ctx.connections.count(key)) > 0)
    all.problems.push(
      `${title}: в файле другой адрес, а люди уже подключены. Их доступы увидел бы чужой сервер.`,
    )
  const how = { secret: kept ? 'kept' : 'replaced', vacant: moved !== undefined } as const
  plan.changes.push(`${title}: изменится`)
  plan.steps.push(async ({ customProviders }) => {
    const done = await customProviders.replace({ key, revision }, withoutSecret(values), how)
    if (!done) meanwhile(title)
  })
}

/** It has to have a secret, and the file has none. */
const isLame = ({ clientAuth, clientSecret }: PlatformChanges) =>
  clientAuth !== 'none' && clientSecret === undefined

/** A client without authentication has none. */
const withoutSecret = (values: PlatformChanges): PlatformChanges =>
  values.clientAuth === 'none' ? { ...values, clientSecret: undefined } : values

function isSame(before: StoredPlatform, values: PlatformChanges): boolean {
  const { clientSecret } = values
  const sameSecret = clientSecret === undefined || clientSecret === before.clientSecret
  return sameSecret && isDeepStrictEqual(toChanges(before), toChanges(values))
}
