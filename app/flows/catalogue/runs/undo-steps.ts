import type { Context } from '../../../context.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { Item } from '../../../catalogue/items.ts'
import { isChange, type Step } from '../../../catalogue/steps.ts'

/** Steps that set back what a run edited, hid and showed again. What it made or deleted stays so; what nobody can
 * read is told. */
export async function undoSteps(
  ctx: Context,
  { parentId }: Pick<Run, 'parentId'>,
): Promise<Step[]> {
  const steps: Step[] = []
  if (parentId === undefined) return steps
  for await (const kept of ctx.syncSteps.all(parentId))
    for (const { state, step, itemId, unreadable } of kept)
      if (state === 'done' && itemId !== undefined)
        steps.push(...(unreadable ? [step] : setBack(step, itemId)))
  return steps
}

function setBack(step: Step, itemId: string): Step[] {
  if (!isChange(step)) return []
  const { item, before, productId, name } = step
  if (!before || Object.keys(before).length === 0) return []
  const turned = before.hidden !== undefined && before.hidden !== item.hidden
  return [
    {
      action: turned ? (before.hidden ? 'hide' : 'restore') : 'update',
      productId,
      itemId,
      name,
      fields: step.fields.filter((field) => field !== 'album' && field !== 'photo'),
      ...(step.only && { only: step.only }),
      item: { ...withoutAlbum(item), ...before },
      before: Object.fromEntries(
        Object.keys(before).map((field) => [field, item[field as keyof typeof before]]),
      ),
    },
  ]
}

function withoutAlbum(item: Item): Item {
  const rest = { ...item }
  delete rest.album
  return rest
}
