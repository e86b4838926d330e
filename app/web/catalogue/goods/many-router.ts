import { type Request, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { setAside, undoAside } from '../../../flows/catalogue/goods/set-aside.ts'
import type { Flash } from '../../../store/session-data.ts'
import { goods } from '../../kit/amounts.ts'
import { fieldsOf, typed } from '../../kit/forms.ts'
import { addressOf, type Asked, askedIn, filterOf } from './filter.ts'
import { type Till, tillIn, tillsOf } from './tills.ts'

/** Many products of the list at once: set aside, taken back, and the last of it undone. Nothing is sent by it. */
export function manyRouter(ctx: Context): Router {
  const router = Router()

  router.post('/goods/many', async (req, res) => {
    const { till, several } = await posted(ctx, req, res)
    if (till) {
      const asked = askedIn(fieldsOf(req.body), till.first.id)
      const said = await setMany(ctx, req, till, asked)
      if (said) req.session.flash = said
      res.redirect(303, addressOf(asked, several))
    } else res.redirect(303, '/goods')
  })
  router.post('/goods/undo', async (req, res) => {
    const { till, several } = await posted(ctx, req, res)
    const { at = '' } = typed(req.body, ['at'])
    if (till && /^\d{1,15}$/.test(at)) {
      const count = await undoAside(ctx, till.first, new Date(Number(at)))
      req.session.flash = count > 0 ? undone(count) : NOTHING_TO_UNDO
    }
    res.redirect(303, till && several ? `/goods?till=${till.first.id}` : '/goods')
  })

  return router
}

async function posted(ctx: Context, req: Request, res: Response) {
  const tills = await tillsOf(ctx, res)
  return { till: tillIn(tills, typed(req.body, ['till']).till), several: tills.length > 1 }
}

async function setMany(
  ctx: Context,
  req: Request,
  till: Till,
  asked: Asked,
): Promise<Flash | undefined> {
  const { all, step } = typed(req.body, ['all', 'step'])
  const ids = all === 'on' ? await found(ctx, till, asked) : await ticked(ctx, till, req.body)
  if (ids.length === 0) return NOTHING_TICKED
  const count = await setAside(ctx, till.first, ids, step === 'aside')
  return count > 0 ? undefined : AS_BEFORE
}

/** More than any till has. */
const MOST = 1_000_000

async function found(ctx: Context, { first, links }: Till, asked: Asked): Promise<string[]> {
  const { groups } = await ctx.syncItems.groups(first.id)
  const whole = { order: 'name' as const, page: 1, size: MOST }
  return await ctx.syncGoods.page(
    links.map(({ id }) => id),
    filterOf(asked, groups),
    whole,
  )
}

/** Of those that were ticked, the ones this till has. */
async function ticked(ctx: Context, { links }: Till, body: unknown): Promise<string[]> {
  const sent = [fieldsOf(body).good].flat().filter((id) => typeof id === 'string')
  const linkIds = links.map(({ id }) => id)
  const known = await ctx.syncGoods.of(linkIds, sent)
  return sent.filter((id) => linkIds.some((link) => known.get(link)?.has(id)))
}

const NOTHING_TICKED: Flash = {
  tone: 'info',
  title: 'Ничего не отмечено',
  text: 'Отметьте товары в списке или «Все найденные» под ним и нажмите ещё раз.',
}

const AS_BEFORE: Flash = {
  tone: 'info',
  title: 'Ничего не изменилось',
  text: 'С этими товарами всё уже так.',
}

const undone = (count: number): Flash => ({
  tone: 'ok',
  title: `Вернули как было: ${goods(count)}`,
  text: '',
})

const NOTHING_TO_UNDO: Flash = {
  tone: 'info',
  title: 'Отменять уже нечего',
  text: 'После этого вы меняли товары ещё раз или уже отменили это.',
}
