import { plural } from '../plural.ts'
import type { Run } from '../store/sync-run-rows.ts'
import { goods, number } from './amounts.ts'
import type { Format } from './format.ts'
import type { Badge } from './state.ts'

/** The last run as the overview tells of it. */
export interface Result {
  id: number
  when: string
  badge: Badge
  moved: string
  /** Empty when everything went. */
  failed: string
}

export function resultOf(run: Run, { format, now }: { format: Format; now: Date }): Result {
  const left = run.failed + run.skipped
  return {
    id: run.id,
    when: format.opening(run.startedAt ?? run.createdAt, now),
    badge: badgeOf(run),
    moved: movedWords(run),
    failed: left > 0 ? goods(left) : '',
  }
}

function badgeOf(run: Run): Badge {
  if (run.state === 'stopped')
    return { word: 'Остановлена', tone: 'secondary', icon: 'bi-stop-circle' }
  if (run.state === 'failed') return { word: 'Прервана', tone: 'danger', icon: 'bi-x-octagon-fill' }
  if (run.failed > 0)
    return { word: 'Есть ошибки', tone: 'warning', icon: 'bi-exclamation-triangle-fill' }
  if (changesOf(run) === 0)
    return { word: 'Нет изменений', tone: 'secondary', icon: 'bi-dash-circle' }
  return { word: 'Без ошибок', tone: 'success', icon: 'bi-check-circle-fill' }
}

const changesOf = ({ created, updated, hidden, removed }: Run) =>
  created + updated + hidden + removed

/** `36 изменений: 23 новых, 10 изменено, 3 скрыто` */
function movedWords(run: Run): string {
  const changes = changesOf(run)
  if (changes === 0) return 'ничего: изменений не было'
  const parts = [
    [run.created, plural(run.created, 'новый', 'новых', 'новых')],
    [run.updated, 'изменено'],
    [run.hidden, 'скрыто'],
    [run.removed, 'удалено'],
  ] as const
  const named = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${number(count)} ${word}`)
  return `${number(changes)} ${plural(changes, 'изменение', 'изменения', 'изменений')}: ${named.join(', ')}`
}
