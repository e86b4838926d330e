import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import type { BothEndpoints, Endpoint } from '../../flows/catalogue/endpoints.ts'
import { type Run, settledOf } from '../../store/sync-run-rows.ts'
import type { Link } from '../../store/sync-links.ts'
import { CHOSEN } from './remedies.ts'
import { lacksRight } from './missing-right.ts'
import { instructionParts } from '../kit/instructions.ts'
import { bothEndpoints } from './endpoints.ts'
import { signedIn } from '../kit/signed-in.ts'
import { linkOf, type Pair, pairOf } from './pair.ts'
import { resultOf } from './result.ts'
import { timetableFacts } from './timetable.ts'
import { troubleOf } from './trouble.ts'
import { hurdleOf, UNPAIRED } from './hurdles.ts'

/** `GET /sync`: one pair, what it waits for, and when it runs. */
export async function showSync(ctx: Context, req: Request, res: Response): Promise<void> {
  const link = await linkOf(ctx, res, req.query.link)
  const ends = await bothEndpoints(ctx, res, link)
  const links = await ctx.syncLinks.list(signedIn(res).id)
  const active = link && (await ctx.syncRuns.active(link.id))
  const last = link && (await ctx.syncRuns.last(link.id))
  const gate = lacksRight(ends.target, link?.trouble) ? gateOf(ends.target) : undefined
  res.render('sync/index', {
    title: 'Синхронизация',
    links: links.map((one) => ({ ...one, pair: pairOf(ctx, one) })),
    mixed: new Set(links.flatMap(({ target }) => target ?? [])).size > 1,
    link,
    pair: link ? pairOf(ctx, link) : unpaired(ends),
    target: ends.target.provider,
    hurdle: hurdleOf(ctx, ends, res) ?? (link || gate ? undefined : UNPAIRED),
    gate,
    trouble: link?.trouble && troubleOf(ctx, link, link.trouble, res.locals),
    active: active && underWay(ctx, active, link, res),
    last: last && (await lastOf(ctx, last, res)),
    timetable: link && timetableFacts(link, res.locals),
    feed: link && (await feedOf(ctx, link)),
  })
}

async function lastOf(ctx: Context, run: Run, { locals }: Response) {
  const troubles = await ctx.syncReport.troubles([run.id], CHOSEN)
  return resultOf(run, troubles.get(run.id) ?? 0, locals)
}

/** The route of somebody who has chosen none yet. */
function unpaired({ source, target }: BothEndpoints): Pair {
  const endOf = ({ provider: { key, icon, title: platform } }: Endpoint, name = 'не выбрано') => ({
    ...{ key, icon, platform, name },
  })
  return { source: endOf(source, source.connection?.account.name), target: endOf(target) }
}

/** A run that goes on, or rests and says why. */
function underWay(ctx: Context, run: Run, link: Link, res: Response) {
  const known = { id: run.id, done: settledOf(run), total: run.total }
  if (run.state !== 'paused' || !run.reason) return known
  const { reason: code, reasonValues: values, reasonPlatform: platform, resumeAt: resumesAt } = run
  const text = troubleOf(ctx, link, { code, values, platform, resumesAt }, res.locals)
  const { total, done } = known
  return { ...known, pause: { ...text, link: run.reasonLink, done, total } }
}

/** The right that is missing, and how an administrator asks for it. */
function gateOf({ provider: { gate, redirectUri } }: Endpoint) {
  return gate && { ...gate, steps: gate.steps.map((step) => instructionParts(step, redirectUri)) }
}

async function feedOf(ctx: Context, link: Link) {
  const key = await ctx.syncLinks.feedKey(link)
  return key === undefined ? undefined : `${ctx.config.baseUrl}/feeds/${key}`
}
