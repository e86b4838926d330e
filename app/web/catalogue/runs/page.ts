import type { Response } from 'express'
import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive, type Run, settledOf } from '../../../store/sync-run-rows.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { counted } from '../../../texts/plural.ts'
import { duration, goods, number } from '../../kit/amounts.ts'
import { longBadge } from './badge.ts'
import { groupsOf, sortCauses, sumOf } from './groups.ts'
import { begunBy } from './origin.ts'
import { progressOf } from './progress.ts'
import { receiptOf } from './receipt.ts'
import { lineOfFailure } from '../step-words.ts'
import { pairOf, platformsOf } from '../pair.ts'
import { troubleOf } from '../trouble.ts'

/** Failures that are listed while a run is going; the others are counted. */
const FAILURES_SHOWN = 20
const REFRESH_S = 10

type Locals = Response['locals']

/** A run that is not over: queued, going or resting. */
export async function goingPage(ctx: Context, link: Link, run: Run, locals: Locals) {
  const progress = await progressOf(ctx, link, run)
  const failures = await ctx.syncReport.failures(run.id, FAILURES_SHOWN)
  const shop = platformsOf(ctx, link).target
  const rests = run.state === 'paused'
  const figures = run.total > 0 ? `: ${number(progress.done)} из ${number(run.total)}` : ''
  return {
    title: `${rests ? 'Синхронизация на паузе' : 'Идёт синхронизация'}${figures}`,
    heading: HEADINGS[run.state],
    pair: pairOf(ctx, link),
    run,
    progress,
    failures: failures.map((step) => lineOfFailure(step, shop)),
    moreFailures: run.failed - failures.length,
    trouble: rests ? troubleIn(ctx, link, run, locals) : undefined,
    refreshEvery: REFRESH_S,
  }
}

const GOING = 'Идёт синхронизация'

/** One that has ended while its page was made says so when it is loaded anew. */
const HEADINGS: Record<Run['state'], string> = {
  draft: GOING,
  queued: 'Синхронизация в очереди',
  running: GOING,
  paused: 'Синхронизация на паузе',
  done: GOING,
  stopped: GOING,
  failed: GOING,
}

/** A run that is over, with everything that did not go. */
export async function donePage(ctx: Context, link: Link, run: Run, locals: Locals) {
  const [causes, tally] = await Promise.all([
    ctx.syncReport.causes(run.id),
    ctx.syncReport.tally(run.id),
  ])
  const sorted = sortCauses(causes)
  const troubles = sumOf(sorted.failed)
  const shop = platformsOf(ctx, link).target
  const groups = (of: typeof causes) => groupsOf(ctx, link, run, of)
  return {
    ...headOf(run, troubles, locals),
    pair: pairOf(ctx, link),
    run,
    ...outcomeOf(run, troubles, tally.length === 0, shop),
    groups: await groups(sorted.failed),
    chosen: await groups(sorted.chosen),
    partly: await groups(sorted.partly),
    receipt: receiptOf(run, tally, sumOf(sorted.chosen), shop),
    ...timesOf(run, locals),
    trouble: troubleIn(ctx, link, run, locals),
    empty: tally.length === 0,
    retry: run.failed > 0 && !(await ctx.syncRuns.active(link.id)),
    undo: await canUndo(ctx, link, run),
  }
}

/** The title and the badge, which a page of one cause has as well. */
export function headOf(run: Run, troubles: number, { format }: Locals) {
  const badge = longBadge(run, troubles)
  return { title: `Синхронизация ${format.on(run.startedAt ?? run.createdAt)}`, badge }
}

/** What a run came to, where there is no list to say it. */
function outcomeOf(
  run: Run,
  troubles: number,
  empty: boolean,
  shop: PlatformName,
): { heading: string; words: string } {
  if (troubles > 0) return { heading: `Не перенесли ${goods(troubles)}`, words: '' }
  if (run.state !== 'done')
    return empty
      ? { heading: 'Ничего не отправили', words: named('{InP} мы ничего не меняли.', shop) }
      : { heading: 'Что успели', words: 'Ошибок с отдельными товарами не было.' }
  if (run.origin === 'undo') return undoneOf(run)
  if (run.total === 0 && run.renamed > 0)
    return {
      heading: 'Подборки переименованы',
      words: `Товары уже совпадали с кассой, а названия групп нет: переименовали ${counted(run.renamed, 'подборку', 'подборки', 'подборок')}.`,
    }
  return run.total === 0
    ? { heading: 'Изменений не было', words: named('{InP} уже было то же, что на кассе.', shop) }
    : {
        heading: 'Всё перенесли',
        words: named('Товары {inP} теперь такие же, как на кассе.', shop),
      }
}

/** What was taken back; the till may say otherwise, so the timetable rests. */
function undoneOf({ total, updated, hidden }: Run): { heading: string; words: string } {
  const rests =
    'Расписание остановлено, чтобы изменения не вернулись: включите его сами, когда захотите.'
  const back = updated + hidden
  return total === 0 || back === 0
    ? { heading: 'Возвращать было нечего', words: rests }
    : {
        heading: 'Изменения отменены',
        words: `Вернули как было: ${counted(back, 'карточка', 'карточки', 'карточек')}. ${rests}`,
      }
}

function timesOf(run: Run, { format }: Locals) {
  const from = run.startedAt ?? run.createdAt
  const to = run.finishedAt ?? from
  const end = format.isSameDay(from, to) ? format.clockToSecond(to) : format.stampToSecond(to)
  return {
    times: `${format.stampToSecond(from)} — ${end}`,
    note: `${begunBy(run)}. Длилась ${duration(to.getTime() - from.getTime())}.`,
  }
}

function troubleIn(ctx: Context, link: Link, run: Run, locals: Locals) {
  const { reason: code, reasonPlatform: platform, reasonLink: proof, resumeAt: resumesAt } = run
  if (!code) return undefined
  const values = { done: number(settledOf(run)), total: number(run.total), ...run.reasonValues }
  return troubleOf(ctx, link, { code, values, platform, link: proof, resumesAt }, locals)
}

/** Only the newest run, and only what can be taken back: changes and hidings. */
async function canUndo(ctx: Context, link: Link, run: Run): Promise<boolean> {
  if (isActive(run) || run.origin === 'undo' || run.updated + run.hidden === 0) return false
  const [last, active] = await Promise.all([
    ctx.syncRuns.last(link.id),
    ctx.syncRuns.active(link.id),
  ])
  return last?.id === run.id && !active
}
