import { type Request, type RequestHandler, type Response, Router } from 'express'
import { msSince } from '../../clock.ts'
import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { preview } from '../../flows/catalogue/preview.ts'
import { notReady } from '../../flows/catalogue/runs/not-ready.ts'
import { causeOf } from '../../flows/notices/failure-reason.ts'
import { startRun } from '../../flows/catalogue/runs/start-run.ts'
import { missingEndpoints } from '../../flows/catalogue/endpoints.ts'
import type { Link } from '../../store/sync-links.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import type { StepFilter } from '../../store/sync-steps.ts'
import { fieldsOf } from '../kit/forms.ts'
import { PREVIEWS } from '../kit/limits.ts'
import { pageOf } from '../kit/page-links.ts'
import { previewPage } from './preview-page.ts'
import { linkOf, pairOf, platformsOf } from './pair.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { type NotedTrouble, troubleOf } from './trouble.ts'
import { wordsOf } from './words.ts'
import { saySync } from '../../texts/catalogue.ts'
import { named } from '../../texts/names.ts'

/** A list older than this is made anew before it is shown. */
const FRESH_MS = 30 * 60_000

/** What would happen, and the button that makes it happen; nothing is sent before. */
export function syncPreviewRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use(['/sync/preview', '/sync/run'], requireUser, forms)

  router.get('/sync/preview', async (req, res) => {
    const link = await linkOf(ctx, res, req.query.link)
    if (link?.target === undefined) {
      res.redirect(303, link ? `/sync?link=${link.id}` : '/sync')
      return
    }
    const running = await ctx.syncRuns.active(link.id)
    if (running) {
      res.redirect(303, `/sync/runs/${running.id}`)
      return
    }
    const { target } = platformsOf(ctx, link)
    const title = named('Что изменится {inP}', target)
    const found = await draftFor(ctx, req, link)
    if ('code' in found) {
      const trouble = troubleOf(ctx, link, found, res.locals)
      const shown = { link, target, pair: pairOf(ctx, link), trouble }
      res.render('sync/preview-failed', { title: `Ошибка: ${title}`, ...shown })
      return
    }
    const part = { show: filterOf(req.query.show), page: pageOf(req.query.page) }
    res.render('sync/preview', { title, target, ...(await previewPage(ctx, link, found, part)) })
  })

  router.post('/sync/run', async (req, res) => {
    const fields = fieldsOf(req.body)
    const link = await linkOf(ctx, res, fields.link)
    if (!link) {
      res.redirect(303, '/sync')
      return
    }
    res.redirect(303, await start(ctx, req, res, link, fields))
  })

  return router
}

const FILTERS = ['new', 'update', 'hide', 'skip'] as const

const filterOf = (wanted: unknown): StepFilter => FILTERS.find((one) => one === wanted)

/** The list a person is leafing through, or a new one, or why there is none. */
async function draftFor(ctx: Context, { query }: Request, link: Link): Promise<Run | NotedTrouble> {
  const leafing = query.show !== undefined || query.page !== undefined
  const kept = leafing ? await ctx.syncRuns.draftOf(link.id) : undefined
  if (kept && isFresh(kept, link)) return kept
  const missing = await missingEndpoints(ctx, link)
  if (missing.length > 0) return notReady(missing)
  await countOrRefuse(ctx, PREVIEWS, String(link.userId))
  try {
    return await preview(ctx, link)
  } catch (error) {
    if (error instanceof ProviderError) return causeOf(error)
    throw error
  }
}

const isFresh = ({ createdAt, linkRevision }: Run, { revision }: Link) =>
  msSince(createdAt) < FRESH_MS && linkRevision === revision

/** Where the person goes next: the run that has begun or is under way, or the list anew. */
async function start(
  ctx: Context,
  req: Request,
  res: Response,
  link: Link,
  { snapshot, confirm }: Record<string, unknown>,
): Promise<string> {
  const platform = platformsOf(ctx, link).target
  const running = await ctx.syncRuns.active(link.id)
  if (running) return `/sync/runs/${running.id}`
  const draft = await ctx.syncRuns.draftOf(link.id)
  if (!draft || draft.digest !== snapshot || draft.linkRevision !== link.revision) {
    const { title, why, what } = saySync('snapshot_stale', { platform })
    req.session.flash = { tone: 'warn', title, text: `${why} ${what}` }
    return `/sync/preview?link=${link.id}`
  }
  const confirmed = confirm === '1'
  if (draft.reason === 'catalog_shrunk' && !confirmed) {
    const { title, what } = wordsOf(draft.reason, platform, draft.reasonValues)
    req.session.flash = { tone: 'warn', title: `${title}: нужна ваша отметка`, text: what }
    return `/sync/preview?link=${link.id}&show=`
  }
  const id = await startRun(ctx, link, { draft, confirmed, by: signedIn(res).name })
  const there = id ?? (await ctx.syncRuns.active(link.id))?.id
  return there === undefined ? `/sync/preview?link=${link.id}` : `/sync/runs/${there}`
}
