import type { Request, Response } from 'express'
import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive, type Run } from '../../../store/sync-run-rows.ts'
import type { RunState } from '../../../store/vocabulary.ts'
import { duration, goods, number } from '../../kit/amounts.ts'
import { rowOf, stepLinks, withQuery } from '../../kit/page-links.ts'
import { plural } from '../../../texts/plural.ts'
import { CHOSEN } from '../remedies.ts'
import { runBadge } from './badge.ts'
import { originOf } from './origin.ts'
import type { Figure, RunLine } from './run-lines.ts'

const PER_PAGE = 50
const KEPT_MS = 90 * 24 * 3600_000

/** What the form above the list asks for; `before` is the run that those shown end above. */
export interface RunFilter {
  link: number | undefined
  state: RunState | ''
  before: number | undefined
}

/** How a run ended, as it is asked for. */
const ENDS = { done: 'Выполнены', failed: 'Прерваны', stopped: 'Остановлены' } as const

/** Whatever else stands in the address is as good as nothing. */
export function runFilterOf({ query }: Request): RunFilter {
  const { link, state, before } = query
  const end = Object.keys(ENDS).find((one) => one === state) as keyof typeof ENDS | undefined
  return { link: rowOf(link), state: end ?? '', before: rowOf(before) }
}

const addressOf = ({ link, state }: RunFilter, before?: number) =>
  withQuery('/sync/runs', { link, state, before })

/** Runs of a person's links, by days, newest first. */
export async function historyPage(
  ctx: Context,
  links: readonly Link[],
  asked: RunFilter,
  { format, now }: Response['locals'],
) {
  const wanted = links.filter(({ id }) => id === asked.link)
  const filter = { ...asked, link: wanted[0]?.id }
  const ids = (wanted.length > 0 ? wanted : links).map(({ id }) => id)
  const { before, state } = filter
  const found = await ctx.syncRuns.history(ids, PER_PAGE + 1, { before, state: state || undefined })
  const runs = found
    .slice(0, PER_PAGE)
    .filter(({ createdAt }) => now.getTime() - createdAt.getTime() < KEPT_MS)
  const troubles = await ctx.syncReport.troubles(
    runs.map(({ id }) => id),
    CHOSEN,
  )
  const names = new Map(links.map((link) => [link.id, nameOf(link)]))
  const lines = runs.map((run) => {
    const pair = links.length > 1 ? names.get(run.linkId) : undefined
    return { ...lineOf(run, troubles.get(run.id) ?? 0, now), ...(pair && { pair }) }
  })
  const last = found.length > PER_PAGE ? runs.at(-1) : undefined
  const narrowed = filter.link !== undefined || state !== ''
  return {
    several: links.length > 1,
    filter,
    narrowed,
    pairs: links.map((link) => [link.id, nameOf(link)] as const),
    ends: Object.entries(ENDS),
    days: daysOf(lines, (at) => format.heading(at, now)),
    pages: stepLinks(
      before === undefined ? undefined : { label: 'К последним', href: addressOf(filter) },
      last && { label: 'Раньше', href: addressOf(filter, last.id) },
    ),
    notice: before === undefined && !narrowed ? noticeOf(runs, troubles) : undefined,
  }
}

const nameOf = ({ storeName, communityName = 'файл' }: Link) => `${storeName} → ${communityName}`

function lineOf(run: Run, troubles: number, now: Date): RunLine {
  const begun = run.startedAt ?? run.createdAt
  const took = (run.finishedAt ?? now).getTime() - begun.getTime()
  return {
    id: run.id,
    begun,
    badge: runBadge(run, troubles),
    origin: originOf(run),
    figures: [
      figure('Новых', run.created),
      figure('Изменено', run.updated),
      figure('Скрыто', run.hidden + run.removed),
    ],
    errors: figure('Ошибок', isActive(run) ? run.failed : troubles),
    took: run.state === 'queued' ? '—' : duration(took),
  }
}

const figure = (label: string, count: number): Figure => ({
  label,
  count: number(count),
  zero: count === 0,
})

function daysOf(lines: readonly RunLine[], headingOf: (at: Date) => string) {
  const days = new Map<string, RunLine[]>()
  for (const line of lines) {
    const heading = headingOf(line.begun)
    const runs = days.get(heading)
    if (runs) runs.push(line)
    else days.set(heading, [line])
  }
  return [...days].map(([heading, runs]) => ({ heading, runs }))
}

/** What the newest run of all says of products that do not go. */
function noticeOf(runs: readonly Run[], troubles: ReadonlyMap<number, number>) {
  const latest = runs.find((run) => !isActive(run) && run.origin !== 'undo')
  const count = latest ? (troubles.get(latest.id) ?? 0) : 0
  if (!latest || count === 0) return undefined
  const verb = plural(count, 'не переносится', 'не переносятся', 'не переносятся')
  return { id: latest.id, title: `${goods(count)} ${verb}` }
}
