import { isActive, type Run } from '../../../store/sync-run-rows.ts'
import type { Tally } from '../../../store/sync-report.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { number } from '../../kit/amounts.ts'
import type { Action } from '../../../catalogue/steps.ts'

interface Row {
  label: string
  count: string
}

/** What came of a run, line by line as the list before it said. */
export interface Receipt {
  rows: Row[]
  /** Absent where a run was about some of the products only. */
  total?: Row
  apart: Row[]
}

const row = (label: string, count: number): Row => ({ label, count: number(count) })
/** Whose line a step is counted in: goods that are on show, or that are taken off it. */
const LINES: Record<Action, 'made' | 'changed' | 'hidden' | 'removed' | 'left'> = {
  create: 'made',
  update: 'changed',
  restore: 'changed',
  hide: 'hidden',
  delete: 'removed',
  skip: 'left',
}
const SHOWN = ['made', 'changed'] as const
const TAKEN = ['hidden', 'removed'] as const

/** `chosen` are products left out because the owner wants it so: they are told of apart. */
export function receiptOf(
  run: Run,
  tally: readonly Tally[],
  chosen: number,
  shop: PlatformName,
): Receipt {
  const count = (lines: readonly string[], ...states: string[]) =>
    tally
      .filter(({ action, state }) => lines.includes(LINES[action]) && states.includes(state))
      .reduce((sum, one) => sum + one.count, 0)
  const created = count(['made'], 'done')
  const updated = count(['changed'], 'done')
  const failed = count(SHOWN, 'failed')
  const waiting = count(SHOWN, 'pending', 'sending')
  const skipped = count(['left'], 'skipped', 'failed')
  const gone = run.products - created - updated - failed - waiting - skipped - run.unchanged
  const addsUp =
    run.products > 0 && gone >= 0 && gone <= count(TAKEN, 'done', 'failed', 'pending', 'sending')
  return {
    rows: [
      row('Добавили', created),
      row('Изменили', updated),
      ...(addsUp ? [row('Без изменений', run.unchanged)] : []),
      ...(addsUp && gone > 0 ? [row('Убирали с витрины', gone)] : []),
      ...(waiting > 0 ? [row(isActive(run) ? 'Ждут очереди' : 'Не успели', waiting)] : []),
      row('Не перенесли', failed + skipped - chosen),
      ...(chosen > 0 ? [row('Не переносим по настройкам', chosen)] : []),
    ],
    ...(addsUp && { total: row('Товаров на кассе', run.products) }),
    apart: [
      row(named('Скрыли {inP}', shop), count(['hidden'], 'done')),
      ...optional(named('Удалили {inP}', shop), count(['removed'], 'done')),
      ...optional('Не удалось скрыть', count(TAKEN, 'failed')),
      ...optional('Переименовали подборки', run.renamed),
    ],
  }
}

const optional = (label: string, count: number) => (count > 0 ? [row(label, count)] : [])
