import { ONCE, type PlatformVariables } from '../config/platforms.ts'
import { NotFound } from '../errors.ts'
import { answerable } from './answerable.ts'
import type { Platform } from './platform.ts'
import type { Provider } from './provider.ts'

/** A variable of a platform as an administrator has entered it; `value` is undefined where no key of ours opens it. */
export interface EnteredSetting {
  provider: string
  name: string
  value: string | undefined
  enteredAt: Date
}

/** A platform made from variables; or what is wrong with them, by unprefixed name, in words. */
export type Judged =
  { ok: true; provider: Provider } | { ok: false; faults: Readonly<Record<string, string>> }

interface Place {
  platforms: PlatformVariables
  baseUrl: string
  misdirected: Readonly<Record<string, string>>
}

/** Platforms of the list: made anew only where what was entered has changed. The environment comes before it. */
export function createBuiltIn(list: readonly Platform[], place: Place) {
  const made = new Map<string, { from: string; provider: Provider }>()

  function provider(platform: Platform, all: readonly EnteredSetting[]): Provider {
    const own = all.filter((one) => one.provider === platform.key)
    const from = JSON.stringify(own.map(({ name, value }) => [name, value ?? null]))
    const known = made.get(platform.key)
    if (known?.from === from) return known.provider
    const fresh = make(platform, own, place)
    made.set(platform.key, { from, provider: fresh })
    return fresh
  }

  return {
    /** Every one, in the order of the list. */
    from: (all: readonly EnteredSetting[]): Provider[] => list.map((one) => provider(one, all)),
    judge(key: string, entered: Readonly<Record<string, string>>): Judged {
      const platform = list.find((one) => one.key === key)
      if (!platform) throw new NotFound(`no platform ${key} of the list`)
      return judge(platform, entered, place)
    },
  }
}

/** What cannot be used any more, or does not open, costs its platform and says so. */
function make(platform: Platform, own: readonly EnteredSetting[], place: Place): Provider {
  const readable = own.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))
  const judged = judge(platform, Object.fromEntries(readable) as Record<string, string>, place)
  const problem = !judged.ok ? UNFIT : readable.length < own.length ? UNREADABLE : undefined
  const usable = judged.ok ? judged : judge(platform, {}, place)
  if (!usable.ok) throw new Error(`${platform.key}: its variables were checked at the start`)
  return problem ? { ...usable.provider, configured: false, problem } : usable.provider
}

function judge(
  { key, settings, create }: Platform,
  entered: Readonly<Record<string, string>>,
  { platforms, baseUrl, misdirected }: Place,
): Judged {
  const variables = { ...entered, ...platforms[key] }
  const checked = settings.safeParse(variables, ONCE)
  if (!checked.success) {
    const issues = checked.error.issues.map(({ path, message }) => [String(path[0]), message])
    return { ok: false, faults: Object.fromEntries(issues) as Record<string, string> }
  }
  const provider = answerable(create(variables, baseUrl))
  const problem = misdirected[key]
  return {
    ok: true,
    provider: problem ? { ...provider, configured: false, problem } : provider,
  }
}

const UNFIT =
  'Введённые ключи этой версии EvoSync не подходят. Введите их ещё раз на странице сервиса.'
const UNREADABLE =
  'Введённые ключи не читаются: они зашифрованы другим ключом. Введите их ещё раз на странице сервиса.'
