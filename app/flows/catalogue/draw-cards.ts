import type { Context } from '../../context.ts'
import type { Drawing } from '../../pictures/drawn/drawing.ts'
import { buildItem } from '../../catalogue/build-item.ts'
import { createGroupIndex } from '../../catalogue/group-index.ts'
import type { Link } from '../../store/sync-links.ts'

/** From now on what has no photo gets a card that we draw; nothing is sent by that. */
export async function drawCards({ syncLinks }: Context, { id }: Link): Promise<void> {
  const link = await syncLinks.get(id)
  if (link && !link.settings.drawn)
    await syncLinks.change(id, link, { ...link.settings, drawn: true })
}

/** What a product's drawn card would show; undefined for a product nobody knows, or where the owner's photo of its
 * group or of all stands. */
export async function drawingFor(
  ctx: Pick<Context, 'syncItems' | 'syncOverrides' | 'providers'>,
  link: Link,
  productId: string,
): Promise<Drawing | undefined> {
  const target = ctx.providers.target(link.target)
  const known = (await ctx.syncItems.of(link.id, [productId])).get(productId)
  if (!known || !target) return undefined
  const { groups, albumOf } = await ctx.syncItems.groups(link.id)
  const { capacity } = target.target
  const index = createGroupIndex({ groups, albumOf, albums: [], capacity })
  const overrides = (await ctx.syncOverrides.of(link, [productId])).get(productId)
  const verdict = buildItem(known.product, index, { ...link.settings, drawn: true }, true, {
    ...(overrides && { overrides }),
  })
  return 'item' in verdict ? verdict.item.drawing : undefined
}
