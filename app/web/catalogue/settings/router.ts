import { type Request, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { removeLink } from '../../../flows/catalogue/remove-link.ts'
import type { Ends } from '../../../flows/catalogue/find-route.ts'
import type { Link } from '../../../store/sync-links.ts'
import { bothEndpoints, isReady, postedLink } from '../endpoints.ts'
import { saveSettings } from './save.ts'
import { takeDraft } from './draft.ts'
import { linkOf } from '../pair.ts'
import { typed } from '../../kit/forms.ts'
import { firstSettings, showSettings } from './page.ts'

/** Which store goes into which community, and how. */
export function syncSettingsRouter(ctx: Context): Router {
  const router = Router()

  router.get('/sync/settings', async (req, res) => {
    const wanted = req.query.link
    const link = wanted === 'new' ? undefined : await linkOf(ctx, res, wanted)
    const ends = await readyEnds(ctx, res, link, textIn(req, 'target'))
    if (!ends) return
    const settings = link?.settings ?? firstSettings()
    const places = { ...placesIn(req), target: ends.target.provider.key }
    const fields = takeDraft(req, link, places)
    const filled = { link, ...places, settings, ...partIn(req), ...(fields && { fields }) }
    await showSettings(ctx, res, ends, filled)
  })
  router.post('/sync/settings', async (req, res) => {
    const link = await postedLink(ctx, req, res)
    const ends = await readyEnds(ctx, res, link, typed(req.body, ['target']).target)
    if (ends) await saveSettings(ctx, req, res, ends, link)
  })
  router.post('/sync/settings/delete', async (req, res) => {
    const link = await postedLink(ctx, req, res)
    if (link) {
      await removeLink(ctx, link)
      req.session.flash = {
        tone: 'ok',
        title: `Синхронизация магазина «${link.storeName}» удалена`,
        ...(link.target && {
          text: `Карточки в сообществе «${link.communityName}» остались как есть.`,
        }),
      }
    }
    res.redirect(303, '/sync')
  })

  return router
}

/**
 * Without both connections there is nothing to choose from; the overview says what to do. `wanted` is the key of the
 * platform a new pair is to go to; one that goes somewhere stays there.
 */
async function readyEnds(
  ctx: Context,
  res: Response,
  link: Link | undefined,
  wanted: string | undefined,
): Promise<Ends | undefined> {
  const chosen = wanted === '' ? undefined : wanted
  const named = { ...(link && { source: link.source }), target: link?.target ?? chosen }
  const { source, target } = await bothEndpoints(ctx, res, named)
  if (isReady(source) && isReady(target)) return { source, target }
  res.redirect(303, '/sync')
  return undefined
}

/** The pair whose lists are asked for. */
const placesIn = (req: Request) => ({
  storeId: textIn(req, 'store_id'),
  communityId: textIn(req, 'group_id'),
})

const partIn = (req: Request) => ({
  page: textIn(req, 'page') ?? '1',
  find: textIn(req, 'find') ?? '',
})

function textIn({ query }: Request, name: string): string | undefined {
  const value = query[name]
  return typeof value === 'string' ? value : undefined
}
