import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Category } from '../../providers/catalogue.ts'
import type { Album, Reason } from '../../catalogue/items.ts'
import { causeOf } from '../notices/failure-reason.ts'
import type { Ends, LinkWish } from './find-route.ts'
import { callerOf } from './endpoints.ts'

/** What may be chosen, as the platforms say it now; where one does not say, why. */
export interface Offers {
  albums?: readonly Album[] | Reason
  categories?: readonly Category[] | Reason
  groups?: ReadonlySet<string> | Reason
}

/** Which of them something new was chosen from. */
export type WantedLists = Partial<Record<keyof Offers, boolean>>

/** Asks the platforms for the lists in which a choice has to stand, and for no others. */
export async function readOffers(
  ctx: Context,
  { source, target }: Ends,
  { storeId, communityId }: Pick<LinkWish, 'storeId' | 'communityId'>,
  wanted: WantedLists,
): Promise<Offers> {
  const fromTill = callerOf(ctx, source.connection, source.provider)
  const toShop = callerOf(ctx, target.connection, target.provider)
  const shop = target.provider.target
  const habits = { singly: false, onSingly: () => Promise.resolve() }
  const [albums, categories, groups] = await Promise.all([
    told(wanted.albums, () =>
      communityId === undefined ? undefined : shop.shop(toShop, communityId, habits).albums(),
    ),
    told(wanted.categories, () =>
      communityId === undefined ? undefined : shop.categories?.(toShop, communityId),
    ),
    told(wanted.groups && storeId !== '', async () => {
      const listed = await source.provider.source.groups(fromTill, storeId)
      return new Set(listed.map(({ id }) => id))
    }),
  ])
  return {
    ...(albums && { albums }),
    ...(categories && { categories }),
    ...(groups && { groups }),
  }
}

async function told<T>(
  wanted: boolean | undefined,
  read: () => Promise<T | undefined> | undefined,
): Promise<T | Reason | undefined> {
  if (!wanted) return undefined
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const { code, values = {} } = causeOf(error)
    return { code, values }
  }
}
