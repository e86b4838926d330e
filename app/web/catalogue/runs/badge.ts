import type { Run } from '../../../store/sync-run-rows.ts'
import type { Badge } from '../../kit/badge.ts'
import type { RunState } from '../../../store/vocabulary.ts'

/** How a run went, in a word or two; `troubles` are the products that did not go and should have. */
export function runBadge(run: Run, troubles: number): Badge {
  if (run.state !== 'done') return BADGES[run.state]
  if (run.total + run.renamed === 0) return NOTHING
  return troubles > 0 ? SOME : FINE
}

const DRAFT: Badge = { word: 'Не начата', tone: 'secondary', icon: 'bi-eye' }
const GOING: Badge = { word: 'Идёт', tone: 'secondary', icon: 'bi-arrow-repeat' }
const BROKEN: Badge = { word: 'Прервана', tone: 'danger', icon: 'bi-x-octagon-fill' }
const STOPPED: Badge = { word: 'Остановлена', tone: 'secondary', icon: 'bi-stop-circle' }
const NOTHING: Badge = { word: 'Нет изменений', tone: 'secondary', icon: 'bi-dash-circle' }
const SOME: Badge = { word: 'Есть ошибки', tone: 'warning', icon: 'bi-exclamation-triangle-fill' }
const FINE: Badge = { word: 'Без ошибок', tone: 'success', icon: 'bi-check-circle-fill' }

const BADGES: Record<Exclude<RunState, 'done'>, Badge> = {
  draft: DRAFT,
  queued: { word: 'В очереди', tone: 'secondary', icon: 'bi-hourglass-split' },
  paused: { word: 'На паузе', tone: 'warning', icon: 'bi-pause-circle' },
  running: GOING,
  stopped: STOPPED,
  failed: BROKEN,
}

/** The same where there is room for a sentence. */
export function longBadge(run: Run, troubles: number): Badge {
  const badge = runBadge(run, troubles)
  return { ...badge, word: LONG[badge.word] ?? badge.word }
}

const LONG: Record<string, string> = {
  [SOME.word]: 'Выполнена, есть ошибки',
  [FINE.word]: 'Выполнена без ошибок',
}
