import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import type { BothEndpoints, Endpoint } from '../../flows/catalogue/endpoints.ts'
import { type Run, settledOf } from '../../store/sync-run-rows.ts'
import type { Link } from '../../store/sync-links.ts'
import { CHOSEN } from './remedies.ts'
import { lacksRight } from './missing-right.ts'
import { instructionParts } from '../kit/instructions.ts'
import { isOpen, stateOf } from '../kit/state.ts'
import { bothEndpoints } from './endpoints.ts'
import { signedIn } from '../kit/signed-in.ts'
import { linkOf, type Pair, pairOf } from './pair.ts'
import { resultOf } from './result.ts'
import { named } from '../../texts/names.ts'
import { timetableFacts } from './timetable.ts'
import { troubleOf } from './trouble.ts'
import { wordsOf } from './words.ts'

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

/** What has to be done first: a platform that is not connected, or whose access is gone. */
function hurdleOf(ctx: Context, { source, target }: BothEndpoints, res: Response) {
  const missing = [source, target].filter(({ connection }) => !connection)
  const [first] = missing
  if (first) {
    const { key, title } = first.provider
    return {
      title: `Сначала подключите ${missing.map(({ provider }) => provider.title).join(' и ')}`,
      text:
        missing.length > 1 ? 'Для синхронизации нужны оба подключения.' : otherEnd(source, target),
      href: isOpen(first.provider) ? `/${key}?redirect_path=/sync` : `/${key}`,
      label: `Подключить ${title}`,
    }
  }
  return [source, target].map((end) => brokenEnd(ctx, end, res)).find(Boolean)
}

const UNPAIRED = {
  title: 'Не выбрано сообщество',
  text: 'Мы не знаем, куда передавать товары. Выберите магазин и сообщество в настройках.',
  href: '/sync/settings',
  label: 'Настроить синхронизацию',
}

function otherEnd(source: Endpoint, target: Endpoint): string {
  const [there, missing] = source.connection ? [source, target] : [target, source]
  const { provider, connection } = there
  const name = connection?.account.name
  const known = `${named('{P} уже {подключён|подключены}', provider)}${name ? `: ${name}` : ''}.`
  return `${known} Осталось указать, ${missing === target ? 'куда передавать товары' : 'откуда брать товары'}.`
}

function brokenEnd(ctx: Context, { provider, connection }: Endpoint, res: Response) {
  const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, res.locals)
  if (state.name !== 'revoked' || !state.code) return undefined
  const { title, why, what } = wordsOf(state.code, provider, state.values)
  return {
    title,
    text: `${why} ${what}`,
    href: isOpen(provider) ? `/${provider.key}/connect?redirect_path=/sync` : `/${provider.key}`,
    label: 'Переподключить',
    severe: true,
  }
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
