import type { Context } from '../../../context.ts'
import { counted, plural } from '../../../texts/plural.ts'
import type { Link } from '../../../store/sync-links.ts'
import { type Run, settledOf } from '../../../store/sync-run-rows.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'
import { number } from '../../kit/amounts.ts'
import { type Ahead, leftByLimit, leftByRate } from '../estimate.ts'
import { type StageLine, stagesOf } from './stages.ts'
import { platformsOf } from '../pair.ts'

/** A run under way, as its page shows it and as its stream tells it. */
export interface Progress {
  state: Run['state']
  done: number
  total: number
  failed: number
  /** `из 38 изменений`, `Осталось около 1 минуты`, `Не получилось: 2`. */
  of: string
  left: string
  failures: string
  /** The product whose turn it is, and what happens to it: `, загружаем фото`. */
  item: string
  doing: string
  stages: StageLine[]
  /** Only figures, for whoever listens. */
  text: string
}

/** A platform's limit where it names none. */
const PER_SECOND = 3
/** Fewer are no measure of how fast it goes. */
const ENOUGH = 5

export async function progressOf(ctx: Context, link: Link, run: Run): Promise<Progress> {
  const sending = run.stage === 'sending' || run.stage === 'albums'
  const current =
    sending && run.state === 'running' ? await ctx.syncReport.current(run.id) : undefined
  const ahead = sending && !isMeasured(run) ? await aheadOf(ctx, run) : {}
  const done = settledOf(run)
  const { failed, total, state } = run
  return {
    ...{ state, done, total, failed },
    of: `из ${number(total)} ${plural(total, 'изменения', 'изменений', 'изменений')}`,
    left: leftIn(ctx, link, run, ahead),
    failures: `Не получилось: ${number(failed)}`,
    item: current?.step.name ?? '',
    doing: current ? `, ${doingOf(current)}` : '',
    stages: stagesOf(run, platformsOf(ctx, link)),
    text: spoken(run, done),
  }
}

/** A run that has rested tells nothing of its rate. */
const isMeasured = (run: Run) => run.pauses === 0 && settledOf(run) >= ENOUGH

async function aheadOf(ctx: Context, { id }: Run): Promise<Ahead> {
  const tally = await ctx.syncReport.tally(id)
  const open = tally.filter(({ state }) => state === 'pending' || state === 'sending')
  const ahead: Ahead = {}
  for (const { action, count } of open) ahead[action] = (ahead[action] ?? 0) + count
  return ahead
}

function leftIn(ctx: Context, link: Link, run: Run, ahead: Ahead): string {
  if (run.state !== 'running') return ''
  if (run.total === 0) return 'Сверяем каталоги'
  const done = settledOf(run)
  if (isMeasured(run) && run.startedAt)
    return leftByRate({ done, total: run.total, ms: Date.now() - run.startedAt.getTime() })
  return leftByLimit(ahead, platformsOf(ctx, link).target.perSecond ?? PER_SECOND)
}

function doingOf({ step: { action, fields } }: KeptStep): string {
  if (action === 'create' || fields.includes('photo')) return 'загружаем фото'
  return DOING[action]
}

const DOING: Record<KeptStep['step']['action'], string> = {
  create: 'создаём карточку',
  update: 'меняем карточку',
  restore: 'возвращаем карточку на витрину',
  hide: 'скрываем карточку',
  delete: 'удаляем карточку',
  skip: 'пропускаем',
}

function spoken({ total, failed }: Run, done: number): string {
  const made = counted(done, 'изменение', 'изменения', 'изменений')
  return `Выполнено ${made} из ${total}. Ошибок ${failed}.`
}
