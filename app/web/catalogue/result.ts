import { plural } from '../../texts/plural.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import { goods, number } from '../kit/amounts.ts'
import type { Format } from '../kit/format.ts'
import { runBadge } from './runs/badge.ts'
import type { Badge } from '../kit/badge.ts'

/** The last run as the overview tells of it. */
export interface RunSummary {
  id: number
  when: string
  badge: Badge
  moved: string
  /** Empty when everything went. */
  failed: string
}

/** `troubles` are the products that did not go and should have. */
export function resultOf(
  run: Run,
  troubles: number,
  { format, now }: { format: Format; now: Date },
): RunSummary {
  return {
    id: run.id,
    when: format.opening(run.startedAt ?? run.createdAt, now),
    badge: runBadge(run, troubles),
    moved: movedWords(run),
    failed: troubles > 0 ? goods(troubles) : '',
  }
}

const changesOf = ({ created, updated, hidden, removed }: Run) =>
  created + updated + hidden + removed

/** `36 изменений: 23 новых, 10 изменено, 3 скрыто`; of one sort `1 изменено`. */
function movedWords(run: Run): string {
  const changes = changesOf(run)
  if (changes === 0) return 'ничего: изменений не было'
  const parts = [
    [run.created, 'добавлено'],
    [run.updated, 'изменено'],
    [run.hidden, 'скрыто'],
    [run.removed, 'удалено'],
  ] as const
  const named = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${number(count)} ${word}`)
  if (named.length === 1) return named.join()
  return `${number(changes)} ${plural(changes, 'изменение', 'изменения', 'изменений')}: ${named.join(', ')}`
}
