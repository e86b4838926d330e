import type { Run } from '../../../store/sync-run-rows.ts'
import type { Origin } from '../../../store/vocabulary.ts'

type Begun = Pick<Run, 'origin' | 'startedBy'>

/** Who or what began a run, in a cell: `По расписанию`, `Марина Ковалёва`. */
export const originOf = ({ origin, startedBy }: Begun): string =>
  origin === 'manual' && startedBy ? startedBy : CELLS[origin]

const CELLS: Record<Origin, string> = {
  manual: 'Вручную',
  schedule: 'По расписанию',
  hint: 'Касса сообщила об изменении',
  retry: 'Повтор',
  undo: 'Отмена',
}

/** The same as a sentence without its full stop: `Запуск вручную, Марина Ковалёва`. */
export function begunBy({ origin, startedBy }: Begun): string {
  return startedBy ? `${SENTENCES[origin]}, ${startedBy}` : SENTENCES[origin]
}

const SENTENCES: Record<Origin, string> = {
  manual: 'Запуск вручную',
  schedule: 'Запуск по расписанию',
  hint: 'Запуск по сообщению кассы об изменении',
  retry: 'Повтор для товаров, которые не перенеслись',
  undo: 'Отмена прошлых изменений',
}
