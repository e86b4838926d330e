import type { Context } from '../../context.ts'
import type { User } from '../../store/users.ts'
import { jointName } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'

/** Where goods come from and where they go, as pages name it that speak of the whole. */
export interface NamedEnds {
  till: PlatformName | undefined
  shop: PlatformName | undefined
}

/** The ends of a person's pairs, of what they have connected, or else the first platforms there are. */
export async function namedEnds(ctx: Context, user?: User): Promise<NamedEnds> {
  const [links, connections] = user
    ? await Promise.all([ctx.syncLinks.list(user.id), ctx.connections.list(user.id)])
    : [[], []]
  const connected = connections.map(({ provider }) => provider)
  const endOf = (role: 'source' | 'target') => {
    const able = ctx.providers.all.filter((one) => one[role])
    const own = [links.map((link) => link[role]), connected]
      .map((keys) => able.filter(({ key }) => keys.includes(key)))
      .find((some) => some.length > 0)
    return jointName(own ?? able.slice(0, 1))
  }
  return { till: endOf('source'), shop: endOf('target') }
}
