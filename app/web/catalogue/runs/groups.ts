import type { Context } from '../../../context.ts'
import type { CountedCause } from '../../../store/sync-report.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import { goods } from '../../kit/amounts.ts'
import { type Remedy, remedyFor, remedyOf } from '../remedies.ts'
import { pageLinks } from '../../kit/page-links.ts'
import { looksIn } from '../step-looks.ts'
import { isChosen, type Line, lineOfCause } from '../step-words.ts'
import { platformsOf } from '../pair.ts'
import { wordsOf } from '../words.ts'

/** Products with one cause. */
export interface CauseGroup {
  code: string
  title: string
  count: string
  advice: string
  fix?: Remedy
  lines: Line[]
  /** Where the others are, when these are not all. */
  more?: { href: string; label: string }
}

/** Causes sorted by what they mean to a person. */
export interface Sorted {
  /** Did not go, and should have. */
  failed: CountedCause[]
  /** Do not go because the owner wants it so. */
  chosen: CountedCause[]
  /** Went, but for something beside. */
  partly: CountedCause[]
}

/** Shown at once; a page of one cause alone shows more. */
const SHOWN = 20
const PER_PAGE = 50

export function sortCauses(causes: readonly CountedCause[]): Sorted {
  const left = causes.filter(({ state }) => state === 'failed' || state === 'skipped')
  return {
    failed: left.filter(({ code }) => !isChosen(code)),
    chosen: left.filter(({ code }) => isChosen(code)),
    partly: causes.filter(({ state }) => state === 'done'),
  }
}

export const sumOf = (causes: readonly CountedCause[]): number =>
  causes.reduce((sum, { count }) => sum + count, 0)

/** The first products of each cause. */
export async function groupsOf(
  ctx: Context,
  link: Link,
  run: Run,
  causes: readonly CountedCause[],
): Promise<CauseGroup[]> {
  return await Promise.all(
    causes.map(async (cause) => {
      const lines = await linesOf(ctx, link, run, cause, { page: 1, size: SHOWN })
      const rest = cause.count - lines.length
      const more = { href: addressOf(run, cause, 1), label: `Ещё ${goods(rest)}` }
      return { ...headOf(ctx, cause, link), lines, ...(rest > 0 && { more }) }
    }),
  )
}

/** One cause alone, page by page. */
export async function wholeGroup(
  ctx: Context,
  link: Link,
  run: Run,
  { cause, page }: { cause: CountedCause; page: number },
) {
  const lines = await linesOf(ctx, link, run, cause, { page, size: PER_PAGE })
  const pages = pageLinks(page, Math.ceil(cause.count / PER_PAGE), (to) =>
    addressOf(run, cause, to),
  )
  return { group: { ...headOf(ctx, cause, link), lines }, pages }
}

async function linesOf(
  ctx: Context,
  link: Link,
  { id }: Run,
  cause: CountedCause,
  part: { page: number; size: number },
): Promise<Line[]> {
  const steps = await ctx.syncReport.withCause(id, cause, part)
  const looks = looksIn(ctx, link)
  return steps.map((step) => ({ ...lineOfCause(step, shopOf(ctx, link)), ...looks(step) }))
}

/** Cards are asked of nobody else. */
const shopOf = (ctx: Context, link: Link) => platformsOf(ctx, link).target

function headOf(
  ctx: Context,
  { code, count, state }: CountedCause,
  link: Link,
): Omit<CauseGroup, 'lines'> {
  const shop = shopOf(ctx, link)
  const { title, what } = wordsOf(code, shop)
  const fix = remedyFor(code, link.id)
  return {
    code: `${code}-${state}`,
    title,
    count: goods(count),
    advice: remedyOf(code, shop).advice ?? what,
    ...(fix && { fix }),
  }
}

function addressOf({ id }: Run, { code, state }: CountedCause, page: number): string {
  const query = new URLSearchParams({ cause: code, state })
  if (page > 1) query.set('page', String(page))
  return `/sync/runs/${id}?${query.toString()}`
}
