import { Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { drawCards, drawingFor } from '../../flows/catalogue/draw-cards.ts'
import { drawnCard } from '../../pictures/drawn/card.ts'
import type { Link } from '../../store/sync-links.ts'
import type { CountedCause } from '../../store/sync-report.ts'
import { goods } from '../kit/amounts.ts'
import { signedIn } from '../kit/signed-in.ts'
import { idOf } from '../kit/ids.ts'
import { postedLink } from './endpoints.ts'

/** So many drawn cards are shown to whoever is asked whether they may be used. */
const SAMPLES = 3

/** The owner's yes to drawn cards, and how one would look. */
export function drawnRouter(ctx: Context): Router {
  const router = Router()

  router.post('/sync/drawn', async (req, res) => {
    const link = await postedLink(ctx, req, res)
    if (!link) {
      res.redirect(303, '/sync')
      return
    }
    await drawCards(ctx, link)
    req.session.flash = { tone: 'ok', title: 'Карточки нарисованы', text: DRAWN }
    res.redirect(
      303,
      link.target === undefined ? `/sync?link=${link.id}` : `/sync/preview?link=${link.id}`,
    )
  })

  /** An image of shapes and numbers: the browser draws it, and whatever the name is, nothing in it runs. */
  router.get('/sync/drawn/:id/:product.svg', async (req, res) => {
    const link = await ctx.syncLinks.find(signedIn(res).id, idOf(req.params))
    const drawing = link && (await drawingFor(ctx, link, req.params.product))
    if (!drawing) throw new NotFound('drawn card')
    res.set({ 'Content-Type': 'image/svg+xml', 'Cache-Control': 'private, max-age=60' })
    res.send(drawnCard(drawing))
  })

  return router
}

const DRAWN =
  'Посмотрите, что изменится, и запустите синхронизацию. Как только у товара появится фото, мы поставим его.'

/** The offer where products stay out for want of a photo; undefined where there is none to make. */
export async function drawnOffer(
  ctx: Context,
  { id, settings }: Link,
  runId: number,
  causes: readonly CountedCause[],
) {
  const cause = causes.find(({ code, state }) => code === 'no_photo' && state !== 'done')
  if (!cause || settings.drawn) return undefined
  const steps = await ctx.syncReport.withCause(runId, cause, { page: 1, size: SAMPLES })
  return {
    count: goods(cause.count),
    samples: steps.map(({ step: { name, productId } }) => ({
      name,
      src: `/sync/drawn/${id}/${encodeURIComponent(productId)}.svg`,
    })),
  }
}
