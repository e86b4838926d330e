import type { Config } from '../config.ts'
import { NotFound } from '../errors.ts'
import { bing } from './bing.ts'
import { discord } from './discord.ts'
import { evotor } from './evotor.ts'
import { github } from './github.ts'
import { google } from './google.ts'
import { gsc } from './gsc.ts'
import { facebook } from './facebook.ts'
import type { Platform, Provider, Upcoming } from './provider.ts'
import { spotify } from './spotify.ts'
import { shopee } from './shopee.ts'
import { upcoming } from './upcoming.ts'
import { vk } from './vk.ts'
import { wix } from './wix.ts'
import { wordpress } from './wordpress.ts'

/** Every platform, in the order of the cards. A new one is a file beside this one and a line here. */
export const platforms: readonly Platform[] = [
  evotor,
  vk,
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
]

/** Makes the platforms from their variables, which config has already checked. */
export function createProviders({ platforms: variables, baseUrl, misdirected }: Config) {
  const all = platforms.map(({ key, create }) => {
    const provider = create(variables[key] ?? {}, baseUrl)
    const problem = misdirected[key]
    return problem ? { ...provider, configured: false, problem } : provider
  })
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  const announced = new Map(upcoming.map((one) => [one.key, one]))

  return {
    all: all as readonly Provider[],
    upcoming,
    find: (key: string): Provider | undefined => byKey.get(key),
    /** @throws NotFound */
    get(key: string): Provider {
      const provider = byKey.get(key)
      if (!provider) throw new NotFound(`no platform ${key}`)
      return provider
    },
    announced(key: string): Upcoming | undefined {
      return announced.get(key)
    },
  }
}
