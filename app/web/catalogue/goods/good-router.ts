import { type Request, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import { YML } from '../../../catalogue/file-capacity.ts'
import type { Overrides } from '../../../catalogue/owner/overrides.ts'
import { NotFound } from '../../../errors.ts'
import { placesOf } from '../../../flows/catalogue/goods/first-showings.ts'
import { markOfHand, overrideGood } from '../../../flows/catalogue/goods/override-good.ts'
import type { Flash } from '../../../store/session-data.ts'
import { typed } from '../../kit/forms.ts'
import { platformsOf } from '../pair.ts'
import { goodAddress } from './address.ts'
import type { Place } from './good-faults.ts'
import { readGoodForm, sentFields } from './good-form.ts'
import { type Good, goodIn, goodPage, type Refused } from './good-page.ts'
import { type Till, tillIn, tillsOf } from './tills.ts'

/** `/goods/:id`: one product, and what its owner sets of it by hand. Nobody outside is asked, nothing is sent. */
export function goodRouter(ctx: Context): Router {
  const router = Router()

  router.get('/goods/:id', async (req, res) => {
    await show(ctx, res, await scene(ctx, req, res))
  })
  router.post('/goods/:id', async (req, res) => {
    await save(ctx, req, res, await scene(ctx, req, res))
  })

  return router
}

interface Scene {
  till: Till
  several: boolean
  good: Good
}

async function scene(ctx: Context, req: Request<{ id: string }>, res: Response): Promise<Scene> {
  const tills = await tillsOf(ctx, res)
  const till = tillIn(tills, req.query.till)
  if (!till) throw new NotFound('product')
  return { till, several: tills.length > 1, good: await goodIn(ctx, till, req.params.id) }
}

async function show(
  ctx: Context,
  res: Response,
  { till, several, good }: Scene,
  refused?: Refused,
) {
  const { first } = till
  res.render('goods/good', await goodPage(ctx, { several, first }, good, refused))
}

async function save(ctx: Context, req: Request, res: Response, of: Scene): Promise<void> {
  const { owner, product, owned } = of.good
  const fields = sentFields(req.body)
  const now = owned.overrides ?? {}
  const { wanted, errors } = readGoodForm(fields, now, await placesIn(ctx, of.good))
  if (Object.keys(errors).length > 0) {
    await show(ctx, res.status(422), of, { fields, errors })
    return
  }
  const { seen = '' } = typed(req.body, ['seen'])
  if (!(await overrideGood(ctx, owner, product.id, { seen, wanted }))) {
    const { good } = await fresh(ctx, of)
    await show(ctx, res.status(409), { ...of, good }, { fields, errors: {}, changed: true })
    return
  }
  if (markOfHand(now) !== markOfHand(wanted)) req.session.flash = saved(of, wanted)
  res.redirect(303, goodAddress(product.id, of.several ? of.till.first.id : undefined))
}

const fresh = async (ctx: Context, { till, good }: Scene) => ({
  good: await goodIn(ctx, till, good.product.id),
})

function saved({ good: { owner } }: Scene, { aside }: Overrides): Flash {
  const next = { href: `/sync/preview?link=${owner.id}`, label: 'Что изменится' }
  const text = aside
    ? 'При следующей синхронизации товар уйдёт с витрины.'
    : 'На витрине это появится при следующей синхронизации.'
  return { tone: 'ok', title: 'Сохранили', text, ...(owner.target !== undefined && { next }) }
}

/** Every window with its limits, and what the product costs there. */
const placesIn = (ctx: Context, { product, owned, seen }: Good): Promise<Place[]> =>
  Promise.all(
    seen.map(async ({ link }) => {
      const places = await placesOf(ctx, link)
      const own = { ...owned, overrides: {} }
      const verdict = buildItem(product, places, { ...link.settings, drawn: true }, true, own)
      return {
        shop: link.target === undefined ? FILE : platformsOf(ctx, link).target,
        capacity: link.target === undefined ? YML : places.capacity,
        price: 'item' in verdict ? verdict.item.price : undefined,
      }
    }),
  )

const FILE = { title: 'Файл с каталогом' }
