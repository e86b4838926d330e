import type { RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import { lookInside } from '../../flows/doctor/look-inside.ts'
import { lookOutside } from '../../flows/doctor/look-outside.ts'
import type { BreakerState } from '../../http/breaker.ts'
import { counted } from '../../texts/plural.ts'
import type { Provider } from '../../providers/provider.ts'
import type { HealthCount } from '../../store/overview.ts'
import { BREAKER_BADGES } from './breaker-badge.ts'
import type { JobTicks } from '../../observe/ticks.ts'
import { every } from '../kit/periods.ts'
import { HEALTHS } from '../../store/vocabulary.ts'
import { instancesOf } from './instances.ts'
import { duration, JOBS, lasting, VERDICTS } from './health-words.ts'

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

/** `GET /admin/health`: first what is wrong, then how platforms and this process fare, in figures. `far`: others are asked too. */
export function showHealth(ctx: Context, far = false): RequestHandler {
  return async (_req, res) => {
    const remarks = [...(await lookInside(ctx)), ...(far ? await lookOutside(ctx) : [])]
    const figures = await readFigures(ctx, res.locals.now)
    res.render('admin/health', {
      title: 'Администрирование: состояние',
      wrong: remarks.filter(({ state }) => state === 'bad'),
      notes: remarks.filter(({ state }) => state === 'note'),
      fine: remarks.filter(({ state }) => state === 'good'),
      platforms: ctx.providers.all.map((provider) => platformOf(ctx, provider, figures, res)),
      verdicts: HEALTHS.map((health) => VERDICTS[health]),
      process: await processOf(ctx),
      instances: await instancesOf(ctx, res),
      mail: mailOf(ctx, res),
      backups: await backupsOf(ctx, res),
      jobs: ctx.ticks.all().map((job) => jobOf(job, res)),
      pace: every(ctx.config.healthCheckCron) ?? `по расписанию ${ctx.config.healthCheckCron}`,
    })
  }
}

/** How letters fare in this process, and what to do where they do not. */
function mailOf({ config, mail }: Context, { locals: { format, now } }: Response) {
  if (!mail) return undefined
  const { state } = mail
  const at = state && format.dayTime(new Date(state.at), now)
  return { from: config.smtp?.from ?? '', at, trouble: state?.trouble }
}

/** Copies of the database over all instances. */
async function backupsOf({ backups, config }: Context, { locals: { format, now } }: Response) {
  const { last, trouble } = await backups.state()
  return {
    cron: config.backupCron,
    keep: config.backupKeep,
    last: last && {
      file: last.file,
      at: format.dayTime(last.at, now),
      age: lasting((now.getTime() - last.at.getTime()) / 1000),
    },
    trouble: trouble && { words: trouble.words, at: format.dayTime(trouble.at, now) },
  }
}

type Figures = Awaited<ReturnType<typeof readFigures>>

async function readFigures({ overview }: Context, now: Date) {
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const [connections, hour, day, refreshes, postponed] = await Promise.all([
    overview.connections(),
    overview.checks(ago(HOUR_MS)),
    overview.checks(ago(DAY_MS)),
    overview.refreshes(ago(DAY_MS)),
    overview.postponed(),
  ])
  return { connections, hour, day, refreshes, postponed }
}

function platformOf(ctx: Context, provider: Provider, figures: Figures, res: Response) {
  const ours = <Row extends { provider: string }>(rows: readonly Row[]) =>
    rows.find((row) => row.provider === provider.key)
  const latency = ctx.recent.latency(provider.key)
  const paused = ours(figures.postponed)
  return {
    key: provider.key,
    title: provider.title,
    breaker: breakerOf(ctx, provider, res),
    isTroubled: ctx.httpFor(provider).breaker.name !== 'closed',
    hour: ours(figures.hour) ?? { passed: 0, failed: 0 },
    day: ours(figures.day) ?? { passed: 0, failed: 0 },
    latency: latency && { median: duration(latency.median), p95: duration(latency.p95) },
    refreshes: ours(figures.refreshes) ?? { refreshed: 0, failed: 0 },
    connections: connectionsOf(figures.connections, provider),
    paused: paused && {
      count: paused.count,
      until: res.locals.format.dayTime(paused.until, res.locals.now),
    },
  }
}

function connectionsOf(rows: readonly HealthCount[], { key }: Provider) {
  return HEALTHS.map((health) => ({
    label: VERDICTS[health].label,
    count: rows
      .filter((row) => row.provider === key && row.health === health)
      .reduce((sum, { count }) => sum + count, 0),
  }))
}

function breakerOf(ctx: Context, provider: Provider, { locals }: Response) {
  const { format, now } = locals
  const state = ctx.httpFor(provider).breaker
  const since = ctx.recent.turnedAt(provider.key)
  return {
    badge: BREAKER_BADGES[state.name],
    since: since ? format.dayTime(since, now) : 'со старта',
    next: nextOf(state, format.exact),
  }
}

function nextOf(state: BreakerState, exact: (date: Date) => string): string {
  if (state.name === 'open') return `следующая попытка ${exact(state.until)}`
  if (state.name === 'probing') return `${state.succeeded} из ${state.needed} успешных`
  return state.failed > 0
    ? `${counted(state.failed, 'сбой', 'сбоя', 'сбоев')} подряд`
    : 'сбоев подряд нет'
}

function jobOf({ job, lastAt, running, late }: JobTicks, { locals }: Response) {
  const busy = running ? 'идёт' : 'ждёт своего времени'
  return {
    title: JOBS[job] ?? job,
    isLate: late,
    last: lastAt ? locals.format.exact(lastAt) : 'ещё не было',
    state: late ? 'опаздывает: не начиналось больше трёх сроков' : busy,
  }
}

/** Figures of this process and its database. */
async function processOf(ctx: Context) {
  const [engine, pool] = [await ctx.overview.engine(), ctx.overview.pool()]
  return {
    uptime: lasting(process.uptime()),
    node: process.version,
    database: `${engine.name} ${engine.version}`,
    migration: engine.migration,
    pool: `${pool.used} занято, ${pool.free} свободно, ${pool.waiting} в очереди`,
    lag: duration(ctx.recent.lag()),
  }
}
