import type { Context } from '../../context.ts'
import { contentIn, type Step } from '../../catalogue/steps.ts'
import { cardAddresses } from '../../flows/catalogue/card-address.ts'
import { pictureTag } from '../../flows/catalogue/files/feed-entry.ts'
import type { Link } from '../../store/sync-links.ts'
import type { KeptStep } from '../../store/sync-steps.ts'

/** What of a product can be looked at: its picture, small, and its card where buyers see it. */
export interface Looks {
  thumb?: string
  card?: string
}

/** Says it for the steps of a pair; no platform is asked by the page itself. */
export function looksIn(ctx: Pick<Context, 'providers'>, link: Link) {
  const cardAt = cardAddresses(ctx, link)
  return ({ step, itemId }: Pick<KeptStep, 'step' | 'itemId'>): Looks => {
    const thumb = pictureOf(step, link)
    const card = itemId === undefined || step.action === 'delete' ? undefined : cardAt(itemId)
    return { ...(thumb && { thumb }), ...(card && { card }) }
  }
}

/** Where the picture is that a step sends: the owner's, one we drew, or the till's. */
function pictureOf(step: Step, { id }: Link): string | undefined {
  const photo = contentIn(step)?.photo ?? ''
  const product = encodeURIComponent(step.productId)
  const [, kind, key = ''] = /^(own|drawn|till):(.*)$/.exec(photo) ?? []
  if (kind === 'own') return `/sync/photos/${key}`
  if (kind === 'drawn') return `/sync/drawn/${id}/${product}.svg`
  return kind && `/goods/${product}/photo.jpg?link=${id}&v=${pictureTag({ version: key })}`
}
