import * as z from 'zod'
import type { Config } from '../config/index.ts'
import { NotFound } from '../errors.ts'
import { bing } from './bing.ts'
import { discord } from './discord.ts'
import { evotor } from './evotor/index.ts'
import { facebook } from './facebook/index.ts'
import { github } from './github/index.ts'
import { google } from './google/index.ts'
import { gsc } from './gsc/index.ts'
import { ok } from './ok/index.ts'
import { shopee } from './shopee/index.ts'
import { spotify } from './spotify.ts'
import { vk } from './vk/index.ts'
import { wix } from './wix/index.ts'
import { wordpress } from './wordpress/index.ts'
import { yandex } from './yandex.ts'
import { answerable } from './answerable.ts'
import { createBuiltIn, type EnteredSetting } from './built-in.ts'
import { custom } from './custom.ts'
import type { CustomPlatform } from './custom-platform.ts'
import type { Provider, SourcePlatform, TargetPlatform } from './provider.ts'
import type { Platform } from './platform.ts'
import { RESERVED } from './reserved.ts'
import { type SettingField, settingFields } from './setting-fields.ts'

/** Every platform, in the order of the cards. A new one is a file beside this one and a line here. */
export const platforms: readonly Platform[] = [
  evotor,
  vk,
  ok,
  facebook,
  gsc,
  bing,
  wordpress,
  wix,
  shopee,
  google,
  discord,
  spotify,
  github,
  yandex,
]

/** What is known of administrators' platforms and keys may be this old: another instance may have changed them. */
const FRESH_MS = 1000

const NOTHING = { all: () => Promise.resolve([]) }

/** Where they stand. */
interface Kept {
  customProviders: { all(): Promise<readonly CustomPlatform[]> }
  platformSettings: { all(): Promise<readonly EnteredSetting[]> }
}

/**
 * Makes the platforms from their variables, which config has already checked, and from what administrators have entered
 * or defined. That is kept: questions are answered at once, {@link refresh} asks again.
 */
export function createProviders(
  config: Config,
  stores: Kept = { customProviders: NOTHING, platformSettings: NOTHING },
) {
  const { baseUrl } = config
  const builtIn = createBuiltIn(platforms, config)
  let all: readonly Provider[] = builtIn.from([])
  let byKey = new Map(all.map((provider) => [provider.key, provider]))
  let readAt = -Infinity
  let reading: Promise<void> | undefined

  async function read() {
    const asked = performance.now()
    const [defined, entered] = await Promise.all([
      stores.customProviders.all(),
      stores.platformSettings.all(),
    ])
    const own = defined.filter(({ key }) => isFree(key))
    all = [
      ...builtIn.from(entered),
      ...own.map((platform) => answerable(custom(platform, baseUrl))),
    ]
    byKey = new Map(all.map((provider) => [provider.key, provider]))
    readAt = asked
  }

  /** No page of ours, no platform of the list. */
  const isFree = (key: string) => !RESERVED.has(key) && !platforms.some((one) => one.key === key)

  const isSource = (one: Provider): one is SourcePlatform => one.source !== undefined
  const isTarget = (one: Provider): one is TargetPlatform => one.target !== undefined
  const named = (key: string | undefined) =>
    key === undefined ? all : [byKey.get(key)].filter((one) => one !== undefined)

  return {
    /** Every platform, in the order of the cards. */
    get all(): readonly Provider[] {
      return all
    },
    isFree,
    find: (key: string): Provider | undefined => byKey.get(key),
    /** Where goods come from: by its key, or the first there is. Undefined for what gives none. */
    source: (key?: string): SourcePlatform | undefined => named(key).find(isSource),
    /** Where goods go to: by its key, or the first there is. Undefined for what takes none. */
    target: (key?: string): TargetPlatform | undefined => named(key).find(isTarget),
    /** All goods can go to, in the order of the cards. */
    get targets(): readonly TargetPlatform[] {
      return all.filter(isTarget)
    },
    /** @throws NotFound */
    get(key: string): Provider {
      const provider = byKey.get(key)
      if (!provider) throw new NotFound(`no platform ${key}`)
      return provider
    },
    /** What a platform of the list is set up by and administrators may enter; none for an administrator's. */
    fieldsOf(key: string): readonly SettingField[] {
      const platform = platforms.find((one) => one.key === key)
      return platform ? settingFields(platform) : []
    },
    /** Names of all variables a platform of the list is set up by; none for an administrator's. */
    variablesOf(key: string): string[] {
      const settings = platforms.find((one) => one.key === key)?.settings
      const names = settings instanceof z.ZodObject ? Object.keys(settings.shape) : []
      return names.map((name) => `${key.toUpperCase()}_${name}`)
    },
    /** A platform of the list with what is entered but not kept yet; or what is wrong with it. @throws NotFound */
    judge: (key: string, entered: Readonly<Record<string, string>>) => builtIn.judge(key, entered),
    /** Reads administrators' platforms and keys again when a second has passed; many callers share one reading. */
    async refresh(): Promise<void> {
      if (performance.now() - readAt < FRESH_MS) return
      reading ??= read().finally(() => (reading = undefined))
      await reading
    },
    /** Reads them whatever the time: this process has just changed one. */
    async reload(): Promise<void> {
      await reading?.catch(() => undefined) // begun before the change
      await read()
    },
  }
}
