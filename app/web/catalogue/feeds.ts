import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { feed, type FeedKind, feedPhotos, feedVersion } from '../../flows/catalogue/files/feed.ts'
import { pictureTag } from '../../flows/catalogue/files/feed-entry.ts'
import { feedGood, feedPicture } from '../../flows/catalogue/files/feed-goods.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import type { Link } from '../../store/sync-links.ts'
import { isAvailable } from '../../catalogue/entry.ts'
import { inRoubles } from '../../catalogue/price.ts'
import { createFileReaders } from '../kit/file-readers.ts'
import { idOf } from '../kit/ids.ts'
import { addressOf, FEED_GOODS, FEED_GUESSES, FEEDS } from '../kit/limits.ts'
import { packStream } from '../kit/packed-answers.ts'
import { createTurns } from '../kit/turns.ts'

const TYPES: Record<FeedKind, string> = {
  yml: 'application/xml; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
}

/**
 * Catalogues as files, for platforms that fetch them by a secret address: no session, and nothing in them that the shop
 * does not show anyway.
 */
export function feedsRouter(ctx: Context): Router {
  const router = Router()
  const enter = createFileReaders()
  const inTurn = createTurns(PICTURES_AT_ONCE, PICTURES_WAITING)

  for (const kind of ['yml', 'csv'] as const)
    router.get(`/feeds/:key.${kind}`, packStream, async (req, res) => {
      const link = await linkBehind(ctx, req)
      await countOrRefuse(ctx, FEEDS, String(link.id))
      enter(res, String(link.id))
      await send(ctx, req, res, link, kind)
    })
  router.get('/feeds/:key/photo/:id.jpg', async (req, res) => {
    const link = await linkBehind(ctx, req)
    const id = idOf(req.params)
    const picture = (await feedPhotos(ctx, link)).has(id)
      ? await ctx.photos.picture(link.userId, id)
      : undefined
    if (!picture) throw new NotFound('photo')
    open(res, 'image/jpeg').send(Buffer.from(picture.jpeg))
  })
  router.get('/feeds/:key/goods/:id.jpg', async (req, res) => {
    const { link, known } = await goodBehind(ctx, req)
    const { image } = known.product
    const tag = image && `"${pictureTag(image)}"`
    if (tag && req.get('if-none-match') === tag) {
      open(res, 'image/jpeg').set('ETag', tag).status(304).end()
      return
    }
    const found = await inTurn(res, () => feedPicture(ctx, link, known))
    if (!found) throw new NotFound('picture')
    open(res, 'image/jpeg')
    if (found.own && tag) res.set({ ETag: tag, 'Cache-Control': 'private, max-age=86400' })
    res.send(Buffer.from(found.picture.jpeg))
  })
  router.get('/feeds/:key/goods/:id', async (req, res) => {
    const { link, entry } = await goodBehind(ctx, req)
    open(res, 'text/html; charset=utf-8').render('feeds/good', {
      title: entry.title,
      ...{ entry, store: link.storeName, available: isAvailable(entry) },
      price: inRoubles(entry.price),
      picture: entry.picture && new URL(entry.picture).pathname + new URL(entry.picture).search,
      updatedAt: link.listedFrom,
    })
  })

  return router
}

/** Each may be 5 MB from the till and has to be unpacked. */
const PICTURES_AT_ONCE = 2
const PICTURES_WAITING = 30

/** @throws NotFound for what the file does not name */
async function goodBehind(ctx: Context, req: Request) {
  const link = await linkBehind(ctx, req)
  await countOrRefuse(ctx, FEED_GOODS, String(link.id))
  const id = typeof req.params.id === 'string' ? req.params.id : ''
  const good = await feedGood(ctx, link, baseOf(ctx, req), id)
  if (!good) throw new NotFound('good')
  return { link, ...good }
}

/** Where the file stands, without its ending. */
const baseOf = ({ config }: Context, { params }: Request) =>
  `${config.baseUrl}/feeds/${String(params.key)}`

/** @throws NotFound for a key that is none; TooManyRequests when somebody tries keys */
async function linkBehind(ctx: Context, req: Request): Promise<Link> {
  const { key } = req.params
  const link = typeof key === 'string' ? await ctx.syncLinks.findByFeedKey(key) : undefined
  if (link) return link
  await countOrRefuse(ctx, FEED_GUESSES, addressOf(req))
  throw new NotFound('feed')
}

async function send(ctx: Context, req: Request, res: Response, link: Link, kind: FeedKind) {
  const tag = `W/"${await feedVersion(ctx, link, kind)}"`
  open(res, TYPES[kind]).set('ETag', tag)
  if (req.get('if-none-match') === tag) {
    res.status(304).end()
    return
  }
  await pipeline(Readable.from(feed(ctx, { link, kind, base: baseOf(ctx, req) })), res)
}

/** Not for searching, and fit to be shown on pages of others. */
const open = (res: Response, type: string): Response =>
  res.set({
    'Content-Type': type,
    'Cache-Control': 'private, max-age=300',
    'X-Robots-Tag': 'noindex',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  })
