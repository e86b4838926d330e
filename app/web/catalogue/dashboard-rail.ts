import type { Context } from '../../context.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import type { Link } from '../../store/sync-links.ts'
import type { Format } from '../kit/format.ts'

/** How the goods of a person fare, for the line between till and community. */
export interface RailState {
  links: number
  /** Goods have been carried once: the person knows how it goes. */
  known: boolean
  /** Nothing runs by itself before a person does something, or before a platform's trouble is over. */
  troubled: 'waits' | 'passes' | undefined
  paused: boolean
  active: { id: number; resting: boolean } | undefined
  lastDone: Date | undefined
}

/** Target's key → how the goods on the way there fare. What goes into a file alone is on the way to `first`. */
export type RailStates = (key: string, first: boolean) => RailState

export async function railStatesOf(ctx: Context, userId: number): Promise<RailStates> {
  const links = await ctx.syncLinks.list(userId)
  if (links.length === 0) return () => NOTHING
  const targets = [...new Set(links.map(({ target }) => target))]
  const [active, ...ended] = await Promise.all([
    ctx.syncRuns.underWay(userId),
    ...targets.map(async (target) => {
      const own = links.filter((link) => link.target === target)
      return { target, at: await ctx.syncRuns.lastDone(own.map(({ id }) => id)) }
    }),
  ])
  return (key, first) => {
    const isOwn = ({ target }: Pick<Link, 'target'>) =>
      target === undefined ? first : target === key
    const own = links.filter(isOwn)
    const run = active.find(({ linkId }) => own.some(({ id }) => id === linkId))
    return stateOf(own, run, latest(ended.filter(isOwn).map(({ at }) => at)))
  }
}

function stateOf(links: readonly Link[], active: Run | undefined, lastDone: Date | undefined) {
  if (links.length === 0) return NOTHING
  return {
    links: links.length,
    known: lastDone !== undefined || links.some(({ nextRunAt }) => nextRunAt), // the history is short
    troubled: troubleOf(links),
    paused: links.every(({ paused }) => paused),
    active: active && { id: active.id, resting: active.state === 'paused' },
    lastDone,
  }
}

const latest = (dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.filter((date) => date !== undefined).sort((a, b) => b.getTime() - a.getTime())[0]

function troubleOf(links: readonly Link[]): RailState['troubled'] {
  const troubles = links.flatMap(({ trouble }) => trouble ?? [])
  if (troubles.length === 0) return undefined
  return troubles.every(({ passes }) => passes) ? 'passes' : 'waits'
}

const NOTHING: RailState = {
  ...{ links: 0, known: false, troubled: undefined, paused: false },
  ...{ active: undefined, lastDone: undefined },
}

/** The line between two ends that both live. */
export function carryingRail(
  { links, active, troubled, paused, lastDone }: RailState,
  format: Format,
  now: Date,
) {
  const open = { href: '/sync', label: 'Открыть' }
  const moving = { look: '', icon: 'bi-arrow-right' } as const
  const resting = { look: 'rail-off', icon: 'bi-pause keep' } as const
  if (links === 0)
    return {
      ...resting,
      lines: ['Ещё не настроено'],
      link: { href: '/sync/settings', label: 'Настроить' },
    }
  if (active?.resting) return { ...resting, lines: ['Синхронизация на паузе'], link: open }
  if (active) {
    const link = { href: `/sync/runs/${active.id}`, label: 'Смотреть ход' }
    return { ...moving, lines: ['Идёт синхронизация'], link }
  }
  if (troubled === 'passes')
    return { ...resting, lines: ['Товары пока не переносятся'], link: open }
  if (troubled) return { ...resting, lines: ['Синхронизация ждёт вас'], link: open }
  if (paused) return { ...resting, lines: ['Расписание приостановлено'], link: open }
  if (!lastDone) return { ...resting, lines: ['Ещё не запускали'], link: open }
  return { ...moving, lines: [`Товары переданы ${format.dayTime(lastDone, now)}`], link: open }
}
