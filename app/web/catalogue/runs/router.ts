import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../../context.ts'
import { NotFound } from '../../../errors.ts'
import { retryRun, undoRun } from '../../../flows/catalogue/runs/start-run.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive, type Run } from '../../../store/sync-run-rows.ts'
import { createFileReaders } from '../../kit/file-readers.ts'
import { idOf } from '../../kit/ids.ts'
import { packStream } from '../../kit/packed-answers.ts'
import { pageOf } from '../../kit/page-links.ts'
import { runCsv } from './csv.ts'
import { didIn, wholeDeed } from './deeds.ts'
import { runEvents } from './events.ts'
import { sortCauses, sumOf, wholeGroup } from './groups.ts'
import { historyPage, runFilterOf } from './history.ts'
import { canUndo, donePage, goingPage } from './page.ts'
import { undoPage } from './undo-page.ts'
import { headOf } from './outcome.ts'
import { requireUser, signedIn } from '../../kit/signed-in.ts'
import { saySync } from '../../../texts/catalogue.ts'

/** Runs as they go, as they went, and all of them. */
export function syncRunsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const enter = createFileReaders()
  router.use('/sync/runs', requireUser)

  // Before `forms`: what is to be said once is for a page, not for a file or a stream.
  router.get('/sync/runs/:id/events', runEvents(ctx))
  router.get('/sync/runs/:id.csv', packStream, async (req, res) => {
    const { run, link } = await ofPerson(ctx, req, res)
    if (run.state === 'draft') throw new NotFound('a draft')
    enter(res, String(signedIn(res).id))
    res.attachment(`evosync-${run.id}.csv`).type('text/csv; charset=utf-8')
    await pipeline(Readable.from(runCsv(ctx, link, run)), res)
  })
  router.use('/sync/runs', forms)

  router.get('/sync/runs', async (req, res) => {
    const links = await ctx.syncLinks.list(signedIn(res).id)
    const history = await historyPage(ctx, links, runFilterOf(req), res.locals)
    res.render('sync/runs', { title: 'История синхронизаций', ...history })
  })
  router.get('/sync/runs/:id', async (req, res) => {
    const { run, link } = await ofPerson(ctx, req, res)
    if (run.state === 'draft') res.redirect(303, `/sync/preview?link=${link.id}`)
    else if (isActive(run))
      res.render('sync/run-going', await goingPage(ctx, link, run, res.locals))
    else if (req.query.did !== undefined) await showDeed(ctx, req, res, { run, link })
    else if (req.query.cause !== undefined) await showCause(ctx, req, res, { run, link })
    else res.render('sync/run-done', await donePage(ctx, link, run, res.locals))
  })

  router.post('/sync/runs/:id/stop', async (req, res) => {
    const { run } = await ofPerson(ctx, req, res)
    await ctx.syncRuns.askStop(run.id)
    res.redirect(303, `/sync/runs/${run.id}`)
  })
  router.post('/sync/runs/:id/retry', async (req, res) => {
    const { run, link } = await ofPerson(ctx, req, res)
    const id = await retryRun(ctx, link, run, signedIn(res).name)
    await goTo(ctx, req, res, run, id)
  })
  router.get('/sync/runs/:id/undo', async (req, res) => {
    const { run, link } = await ofPerson(ctx, req, res)
    if (await canUndo(ctx, link, run)) res.render('sync/run-undo', await undoPage(ctx, link, run))
    else res.redirect(303, `/sync/runs/${run.id}`)
  })
  router.post('/sync/runs/:id/undo', async (req, res) => {
    const { run, link } = await ofPerson(ctx, req, res)
    const last = await ctx.syncRuns.last(run.linkId)
    if (last?.id !== run.id) throw new NotFound('only the last run can be undone')
    const id = await undoRun(ctx, link, run, signedIn(res).name)
    await goTo(ctx, req, res, run, id)
  })

  return router
}

/** @throws NotFound for a run that is not there, or is somebody else's */
async function ofPerson(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<{ run: Run; link: Link }> {
  const user = signedIn(res)
  const run = await ctx.syncRuns.ofUser(user.id, idOf(req.params))
  const link = run && (await ctx.syncLinks.find(user.id, run.linkId))
  if (!run || !link) throw new NotFound('run')
  return { run, link }
}

/** To the run that has begun; to the one under way, and say so, when there is one already. */
async function goTo(
  ctx: Context,
  req: Request,
  res: Response,
  run: Run,
  begun: number | undefined,
) {
  const there = begun ?? (await ctx.syncRuns.active(run.linkId))?.id
  if (begun === undefined && there !== undefined) {
    const { title, what } = saySync('already_running')
    req.session.flash = { tone: 'info', title, text: what }
  }
  res.redirect(303, `/sync/runs/${there ?? run.id}`)
}

async function showDeed(
  ctx: Context,
  { query }: Request,
  res: Response,
  { run, link }: { run: Run; link: Link },
) {
  const part = didIn(query.did)
  const shown = part && (await wholeDeed(ctx, link, run, { part, page: pageOf(query.page) }))
  if (!shown) throw new NotFound('deed')
  res.render('sync/run-cause', { ...headOf(run, run.failed, res.locals), run, ...shown })
}

async function showCause(
  ctx: Context,
  { query }: Request,
  res: Response,
  { run, link }: { run: Run; link: Link },
) {
  const causes = await ctx.syncReport.causes(run.id)
  const cause = causes.find(({ code, state }) => code === query.cause && state === query.state)
  if (!cause) throw new NotFound('cause')
  const shown = await wholeGroup(ctx, link, run, { cause, page: pageOf(query.page) })
  const troubles = sumOf(sortCauses(causes).failed)
  res.render('sync/run-cause', { ...headOf(run, troubles, res.locals), run, ...shown })
}
