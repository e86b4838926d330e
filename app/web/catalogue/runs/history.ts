import type { Response } from 'express'
import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive, type Run } from '../../../store/sync-run-rows.ts'
import { duration, goods, number } from '../../kit/amounts.ts'
import { plural } from '../../../texts/plural.ts'
import { CHOSEN } from '../remedies.ts'
import { runBadge } from './badge.ts'
import { originOf } from './origin.ts'
import type { Figure, RunLine } from './run-lines.ts'

const PER_PAGE = 50
const KEPT_MS = 90 * 24 * 3600_000

/** Runs of all links of a person, by days, newest first; `before` is the number they end above. */
export async function historyPage(
  ctx: Context,
  links: readonly Link[],
  before: number | undefined,
  { format, now }: Response['locals'],
) {
  const ids = links.map(({ id }) => id)
  const found = await ctx.syncRuns.history(ids, PER_PAGE + 1, before)
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
  const last = runs.at(-1)
  return {
    several: links.length > 1,
    days: daysOf(lines, (at) => format.heading(at, now)),
    older: found.length > PER_PAGE && last ? `/sync/runs?before=${last.id}` : undefined,
    notice: before === undefined ? noticeOf(runs, troubles) : undefined,
  }
}

const nameOf = ({ storeName, communityName }: Link) => `${storeName} → ${communityName}`

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
