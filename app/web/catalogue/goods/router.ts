import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { NotFound } from '../../../errors.ts'
import { feedPicture } from '../../../flows/catalogue/files/feed-goods.ts'
import { readNow } from '../../../flows/catalogue/goods/read-now.ts'
import { countOrRefuse } from '../../../flows/limit.ts'
import { typed } from '../../kit/forms.ts'
import { FEED_GOODS, PREVIEWS } from '../../kit/limits.ts'
import { requireUser, signedIn } from '../../kit/signed-in.ts'
import { createTurns } from '../../kit/turns.ts'
import { bothEndpoints } from '../endpoints.ts'
import { hurdleOf, UNPAIRED } from '../hurdles.ts'
import { linkOf } from '../pair.ts'
import { troubleOf } from '../trouble.ts'
import { askedIn } from './filter.ts'
import { goodRouter } from './good-router.ts'
import { listPage } from './list-page.ts'
import { manyRouter } from './many-router.ts'
import { tillIn, tillsOf } from './tills.ts'

/** «Товары»: what the till has, and how it stands in every window. Platforms are asked for a reading and a picture only. */
export function goodsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const inTurn = createTurns(PICTURES_AT_ONCE, PICTURES_WAITING)
  router.use('/goods', requireUser)

  // Before `forms`: what is to be said once is for a page.
  router.get('/goods/:id/photo.jpg', async (req, res) => {
    const link = await linkOf(ctx, res, req.query.link)
    const known = link && (await ctx.syncItems.of(link.id, [req.params.id])).get(req.params.id)
    if (!link || !known?.product.image) throw new NotFound('photo')
    await countOrRefuse(ctx, FEED_GOODS, String(link.id))
    const found = await inTurn(res, () => feedPicture(ctx, link, known))
    if (!found) throw new NotFound('photo')
    const keep = found.own ? 'private, max-age=31536000, immutable' : 'private, max-age=300'
    res.set({
      'Content-Type': 'image/jpeg',
      'Cache-Control': keep,
      'Content-Disposition': 'inline',
    })
    res.send(Buffer.from(found.picture.jpeg))
  })
  router.use('/goods', forms)

  router.get('/goods', async (req, res) => {
    const tills = await tillsOf(ctx, res)
    const till = tillIn(tills, req.query.till)
    if (!till) {
      const ends = await bothEndpoints(ctx, res)
      res.render('goods/empty', { title: 'Товары', hurdle: hurdleOf(ctx, ends, res) ?? UNPAIRED })
      return
    }
    const asked = askedIn(req.query, till.first.id)
    res.render('goods/index', {
      title: 'Товары',
      ...(await listPage(ctx, tills, till, asked)),
    })
  })
  router.post('/goods/read', async (req, res) => {
    await read(ctx, req, res)
  })
  router.use(manyRouter(ctx), goodRouter(ctx))

  return router
}

/** Each may be 5 MB from the till and has to be unpacked. */
const PICTURES_AT_ONCE = 2
const PICTURES_WAITING = 60

async function read(ctx: Context, req: Request, res: Response) {
  const tills = await tillsOf(ctx, res)
  const till = tillIn(tills, typed(req.body, ['till']).till)
  if (!till) {
    res.redirect(303, '/goods')
    return
  }
  const { id, name } = signedIn(res)
  await countOrRefuse(ctx, PREVIEWS, String(id))
  const readings = await readNow(ctx, till.links, name)
  const bad = readings.find(({ trouble }) => trouble)
  const running = readings.find(({ run }) => run !== undefined)
  if (bad?.trouble) {
    const { title, why, what } = troubleOf(ctx, bad.link, bad.trouble, res.locals)
    req.session.flash = { tone: 'warn', title, text: `${why} ${what}`.trim() }
  } else if (running)
    req.session.flash = { tone: 'info', title: 'Каталог сейчас читается', text: READING }
  else req.session.flash = { tone: 'ok', title: 'Каталог обновлён', text: NOTHING_SENT }
  res.redirect(303, tills.length > 1 ? `/goods?till=${till.first.id}` : '/goods')
}

const READING = 'Идёт синхронизация: она тоже читает кассу. Загрузите страницу через минуту.'
const NOTHING_SENT = 'Прочитали кассу и витрины. Ничего не отправляли.'
