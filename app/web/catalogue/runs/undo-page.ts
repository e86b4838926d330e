import type { Context } from '../../../context.ts'
import { undoSteps } from '../../../flows/catalogue/runs/undo-steps.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import { counted } from '../../../texts/plural.ts'
import { goods } from '../../kit/amounts.ts'
import { surroundings } from '../preview-page.ts'
import { looksIn } from '../step-looks.ts'
import { lineToCome } from '../step-words.ts'

/** All others are counted. */
const SHOWN = 50
/** Of a card the run has put on show again. */
const HIDDEN_BEFORE = 'Карточка была скрыта, скроем её снова.'

/** What would be taken back of a run, before it is. */
export async function undoPage(ctx: Context, link: Link, run: Run) {
  const [steps, groups] = await Promise.all([
    undoSteps(ctx, { parentId: run.id }),
    ctx.syncItems.groups(link.id),
  ])
  const around = surroundings(groups, link)
  const looks = looksIn(ctx, link)
  const readable = steps.filter(({ action }) => action !== 'skip')
  const lines = readable.slice(0, SHOWN).map((step) => ({
    ...lineToCome(step, around),
    ...(step.action === 'hide' && { what: HIDDEN_BEFORE }),
    ...looks({ step, itemId: step.action === 'create' ? undefined : step.itemId }),
  }))
  return {
    title: 'Отменить изменения',
    run,
    cards: counted(readable.length, 'карточку', 'карточки', 'карточек'),
    lines,
    more: readable.length > SHOWN ? goods(readable.length - SHOWN) : undefined,
    stays: run.created > 0 ? counted(run.created, 'карточка', 'карточки', 'карточек') : undefined,
  }
}
