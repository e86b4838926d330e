import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Tally } from '../../../store/sync-report.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import { PARTS, type StepFilter } from '../../../store/sync-steps.ts'
import { goods } from '../../kit/amounts.ts'
import { pageLinks } from '../../kit/page-links.ts'
import { looksIn } from '../step-looks.ts'
import { type Line, lineBase } from '../step-words.ts'
import { didOf } from './did-words.ts'
import type { CauseGroup } from './groups.ts'

type Part = NonNullable<StepFilter>

/** What a run did, part by part, in the order of the list before it. */
const TITLES: Record<Exclude<Part, 'skip'>, string> = {
  new: 'Добавили',
  update: 'Изменили',
  hide: 'Убрали с витрины',
}
type Did = keyof typeof TITLES
const DID = Object.keys(TITLES) as Did[]

/** Shown at once; a page of one part alone shows more. */
const SHOWN = 10
const PER_PAGE = 50

/** The part an address asks for. */
export const didIn = (text: unknown): Did | undefined => DID.find((part) => part === text)

/** The first products of each part, with what became of them. */
export async function deedsOf(
  ctx: Context,
  link: Link,
  run: Run,
  tally: readonly Tally[],
): Promise<CauseGroup[]> {
  const parts = DID.filter((part) => countOf(part, tally) > 0)
  return await Promise.all(
    parts.map(async (part) => {
      const lines = await linesOf(ctx, link, run, part, { page: 1, size: SHOWN })
      const rest = countOf(part, tally) - lines.length
      const more = { href: addressOf(run, part, 1), label: `Ещё ${goods(rest)}` }
      return { ...headOf(part, tally), lines, ...(rest > 0 && { more }) }
    }),
  )
}

/** One part alone, page by page; undefined where a run did nothing of the kind. */
export async function wholeDeed(
  ctx: Context,
  link: Link,
  run: Run,
  { part, page }: { part: Did; page: number },
) {
  const tally = await ctx.syncReport.tally(run.id)
  const count = countOf(part, tally)
  if (count === 0) return undefined
  const lines = await linesOf(ctx, link, run, part, { page, size: PER_PAGE })
  const pages = pageLinks(page, Math.ceil(count / PER_PAGE), (to) => addressOf(run, part, to))
  return { group: { ...headOf(part, tally), lines }, pages }
}

const headOf = (part: Did, tally: readonly Tally[]) => ({
  code: `did-${part}`,
  title: TITLES[part],
  count: goods(countOf(part, tally)),
  advice: '',
})

const countOf = (part: Did, tally: readonly Tally[]): number =>
  tally
    .filter(({ action, state }) => PARTS[action] === part && state === 'done')
    .reduce((sum, { count }) => sum + count, 0)

async function linesOf(
  ctx: Context,
  link: Link,
  { id }: Run,
  part: Did,
  which: { page: number; size: number },
): Promise<Line[]> {
  const looks = looksIn(ctx, link)
  const steps = await ctx.syncReport.done(id, part, which)
  return steps.map((kept) => ({
    ...lineBase(kept),
    ...looks(kept),
    what: didOf(kept.step),
    past: true,
  }))
}

function addressOf({ id }: Run, part: Did, page: number): string {
  const query = new URLSearchParams({ did: part })
  if (page > 1) query.set('page', String(page))
  return `/sync/runs/${id}?${query.toString()}`
}
