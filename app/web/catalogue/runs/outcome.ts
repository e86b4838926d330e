import type { Response } from 'express'
import type { Run } from '../../../store/sync-run-rows.ts'
import { begunBy } from './origin.ts'
import { longBadge } from './badge.ts'
import { duration, goods } from '../../kit/amounts.ts'
import { counted } from '../../../texts/plural.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'

export type Locals = Response['locals']

const GOING = 'Идёт синхронизация'

/** One that has ended while its page was made says so when it is loaded anew. */
export const HEADINGS: Record<Run['state'], string> = {
  draft: GOING,
  queued: 'Синхронизация в очереди',
  running: GOING,
  paused: 'Синхронизация на паузе',
  done: GOING,
  stopped: GOING,
  failed: GOING,
}

/** The title and the badge, which a page of one cause has as well. */
export function headOf(run: Run, troubles: number, { format }: Locals) {
  const badge = longBadge(run, troubles)
  return { title: `Синхронизация ${format.on(run.startedAt ?? run.createdAt)}`, badge }
}

/** What a run came to, where there is no list to say it. */
export function outcomeOf(
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

export function timesOf(run: Run, { format }: Locals) {
  const from = run.startedAt ?? run.createdAt
  const to = run.finishedAt ?? from
  const end = format.isSameDay(from, to) ? format.clockToSecond(to) : format.stampToSecond(to)
  return {
    times: `${format.stampToSecond(from)} — ${end}`,
    note: `${begunBy(run)}. Длилась ${duration(to.getTime() - from.getTime())}.`,
  }
}
