import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { NotFound } from '../../../errors.ts'
import { addToGood, changePhotos, goodOf } from '../../../flows/catalogue/photos/good-photos.ts'
import type { Link } from '../../../store/sync-links.ts'
import { typed } from '../../kit/forms.ts'
import { requireUser, signedIn } from '../../kit/signed-in.ts'
import { postedLink } from '../endpoints.ts'
import { linkOf } from '../pair.ts'
import { addressOf } from './address.ts'
import { assign, sendMany, showMany } from './many.ts'
import { keepSent, sentWords } from './keep-sent.ts'
import { showGood } from './page.ts'

/** Photos of goods: of one product, and of many at once. */
export function goodPhotosRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use('/photos', requireUser, forms)

  router.get('/photos', async (req, res) => {
    const link = await linkOf(ctx, res, req.query.link)
    if (link) await showMany(ctx, res, link)
    else res.redirect(303, '/sync')
  })
  router.post('/photos/send', async (req, res) => {
    const link = await posted(ctx, req, res)
    req.session.flash = await sendMany(ctx, req, res, link)
    res.redirect(303, `/photos?link=${link.id}`)
  })
  router.post('/photos/assign', async (req, res) => {
    const link = await posted(ctx, req, res)
    req.session.flash = await assign(ctx, req, link)
    res.redirect(303, `/photos?link=${link.id}`)
  })

  router.get('/photos/:id/:product', async (req, res) => {
    const link = await linkOf(ctx, res, req.params.id)
    if (!link) throw new NotFound('link')
    await showGood(ctx, res, link, req.params.product)
  })
  router.post('/photos/add', async (req, res) => {
    const { link, productId } = await postedGood(ctx, req, res)
    const sent = await keepSent(ctx, req, res)
    const ids = sent.photos.map(({ id }) => id)
    const added = await addToGood(ctx, link, productId, ids)
    req.session.flash = sentWords(sent, added)
    res.redirect(303, addressOf(link, productId))
  })
  router.post('/photos/change', async (req, res) => {
    const { link, productId } = await postedGood(ctx, req, res)
    const { photo = '', step = '' } = typed(req.body, ['photo', 'step'])
    const id = /^\d{1,9}$/.test(photo) ? Number(photo) : 0
    await changePhotos(ctx, link, productId, (ids) => moved(ids, id, step))
    res.redirect(303, addressOf(link, productId))
  })

  return router
}

/** The photos with one of them moved or taken out; one that is not there changes nothing. */
function moved(ids: readonly number[], id: number, step: string): readonly number[] {
  const at = ids.indexOf(id)
  if (at < 0) return ids
  const rest = ids.filter((one) => one !== id)
  if (step === 'remove') return rest
  const to = step === 'earlier' ? at - 1 : step === 'later' ? at + 1 : at
  return rest.toSpliced(Math.max(0, to), 0, id)
}

async function posted(ctx: Context, req: Request, res: Response): Promise<Link> {
  const link = await postedLink(ctx, req, res)
  if (link?.userId !== signedIn(res).id) throw new NotFound('link')
  return link
}

async function postedGood(ctx: Context, req: Request, res: Response) {
  const link = await posted(ctx, req, res)
  const { product: productId = '' } = typed(req.body, ['product'])
  if (!(await goodOf(ctx, link, productId))) throw new NotFound('product')
  return { link, productId }
}
