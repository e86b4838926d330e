import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type Response, Router } from 'express'
import type { Context } from '../context.ts'
import { NotFound } from '../errors.ts'
import { feed, type FeedKind, feedPhotos, feedVersion } from '../flows/feed.ts'
import { countOrRefuse } from '../flows/limit.ts'
import type { Link } from '../store/sync-links.ts'
import { idOf } from './ids.ts'
import { addressOf, FEED_GUESSES, FEEDS } from './limits.ts'

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

  for (const kind of ['yml', 'csv'] as const)
    router.get(`/feeds/:key.${kind}`, async (req, res) => {
      const link = await linkBehind(ctx, req)
      await countOrRefuse(ctx, FEEDS, String(link.id))
      await send(ctx, req, res, link, kind)
    })
  router.get('/feeds/:key/photo/:id.jpg', async (req, res) => {
    const link = await linkBehind(ctx, req)
    const id = idOf(req.params)
    const picture = feedPhotos(link).has(id) ? await ctx.photos.picture(link.userId, id) : undefined
    if (!picture) throw new NotFound('photo')
    open(res, 'image/jpeg').send(Buffer.from(picture.jpeg))
  })

  return router
}

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
  const photos = `${ctx.config.baseUrl}/feeds/${String(req.params.key)}/photo/`
  await pipeline(Readable.from(feed(ctx, { link, kind, photos })), res)
}

/** Not for searching, and fit to be shown on pages of others. */
const open = (res: Response, type: string): Response =>
  res.set({
    'Content-Type': type,
    'Cache-Control': 'private, max-age=300',
    'X-Robots-Tag': 'noindex',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  })
