import type { Request, Response } from 'express'
import type { Context } from '../../../context.ts'
import { createMatcher } from '../../../catalogue/pictures/match-names.ts'
import { addToGood, goodsOf, waitingPhotos } from '../../../flows/catalogue/photos/good-photos.ts'
import type { Link } from '../../../store/sync-links.ts'
import { goods } from '../../kit/amounts.ts'
import type { Flash } from '../../../store/session-data.ts'
import { typed } from '../../kit/forms.ts'
import { pairOf } from '../pair.ts'
import { counted, keepSent, refusedWords } from './keep-sent.ts'

/** Waiting photos on a page, and names offered while one types. */
const WAITING_SHOWN = 40
const NAMES_OFFERED = 2000
const BARE_SHOWN = 50

/** `GET /photos`: photos for many goods at once, those that wait for theirs, and the goods without any. */
export async function showMany(ctx: Context, res: Response, link: Link): Promise<void> {
  const [products, own, waiting] = await Promise.all([
    goodsOf(ctx, link),
    ctx.syncGoodPhotos.ofTill(link),
    waitingPhotos(ctx, link.userId),
  ])
  const bare = products.filter(({ id, image }) => !image && !own.has(id))
  res.render('photos/many', {
    title: 'Фото товаров',
    link,
    pair: pairOf(ctx, link),
    waiting: waiting.slice(0, WAITING_SHOWN),
    moreWaiting: Math.max(0, waiting.length - WAITING_SHOWN),
    names: waiting.length > 0 ? products.slice(0, NAMES_OFFERED).map(({ name }) => name) : [],
    all: goods(products.length),
    bare: bare.slice(0, BARE_SHOWN).map(({ id, name, article }) => ({ id, name, article })),
    bareCount: goods(bare.length),
    moreBare: Math.max(0, bare.length - BARE_SHOWN),
  })
}

/** Files go to the products their names say; the others wait for a person. */
export async function sendMany(
  ctx: Context,
  req: Request,
  res: Response,
  link: Link,
): Promise<Flash> {
  const sent = await keepSent(ctx, req, res)
  if (sent.photos.length + sent.refused.length === 0)
    return { tone: 'warn', title: 'Файлы не выбраны', text: 'Выберите одно или несколько фото.' }
  const productOf = createMatcher(await goodsOf(ctx, link))
  const byProduct = new Map<string, number[]>()
  for (const { id, file } of sent.photos) {
    const product = productOf(file)
    if (product !== undefined) byProduct.set(product, [...(byProduct.get(product) ?? []), id])
  }
  let given = 0
  for (const [product, ids] of byProduct) given += await addToGood(ctx, link, product, ids)
  const left = sent.photos.length - given
  const notes = [
    ...(left > 0 ? [`Товар не определили: ${counted(left)}. Выберите его ниже.`] : []),
    ...refusedWords(sent.refused),
  ]
  return {
    tone: notes.length > 0 ? 'warn' : 'ok',
    title: `Разложили по товарам: ${counted(given)}`,
    text: [
      ...notes,
      ...(given > 0 ? ['Карточки изменятся при следующей синхронизации.'] : []),
    ].join(' '),
  }
}

/** A waiting photo is given to the product a person names, or thrown away. */
export async function assign(ctx: Context, req: Request, link: Link): Promise<Flash> {
  const { photo = '', name = '', step = '' } = typed(req.body, ['photo', 'name', 'step'])
  const id = /^\d{1,9}$/.test(photo) ? Number(photo) : 0
  const waits = (await waitingPhotos(ctx, link.userId)).some((one) => one.id === id)
  if (!waits) return { tone: 'warn', title: 'Этого фото здесь уже нет' }
  if (step === 'remove') {
    await ctx.photos.remove(link.userId, id)
    return { tone: 'ok', title: 'Фото удалено' }
  }
  const product = createMatcher(await goodsOf(ctx, link))(name)
  if (product === undefined) return { tone: 'warn', title: 'Такого товара не нашли', text: NO_SUCH }
  if ((await addToGood(ctx, link, product, [id])) === 0)
    return {
      tone: 'warn',
      title: 'У товара уже пять фото',
      text: 'Уберите одно из них на странице его фото.',
    }
  return { tone: 'ok', title: `Фото добавлено: ${name.trim()}` }
}

const NO_SUCH =
  'Впишите название, артикул или код так, как на кассе. Если товаров с таким названием несколько, впишите код.'
