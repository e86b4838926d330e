import { type Run, settledOf } from '../../../store/sync-run-rows.ts'
import type { Stage } from '../../../store/vocabulary.ts'
import { fillNamed } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { number } from '../../kit/amounts.ts'

/** One of the four stages as it stands. */
export interface StageLine {
  state: 'done' | 'now' | 'todo'
  text: string
  figure: string
}

interface Ends {
  source: PlatformName
  target: PlatformName
}

const STAGES: readonly Stage[] = ['source', 'target', 'sending', 'albums']

const WORDS: Record<Stage, { going: string; done: string }> = {
  source: { going: 'Читаем каталог {ofP}', done: 'Каталог {ofP} прочитан' },
  target: { going: 'Сверяем товары {ofP}', done: 'Товары {ofP} сверены' },
  sending: { going: 'Переносим товары', done: 'Товары перенесены' },
  albums: { going: 'Раскладываем по подборкам', done: 'Товары разложены по подборкам' },
}

export function stagesOf(run: Run, { source, target }: Ends): StageLine[] {
  const at = run.state === 'queued' && run.total === 0 ? -1 : STAGES.indexOf(run.stage)
  return STAGES.map((stage, index) => {
    const state = index < at ? 'done' : index === at ? 'now' : 'todo'
    return {
      state,
      text: fillNamed(
        WORDS[stage][state === 'done' ? 'done' : 'going'],
        stage === 'source' ? source : target,
      ),
      figure: state === 'todo' ? '—' : figureOf(stage, run),
    }
  })
}

function figureOf(stage: Stage, run: Run): string {
  const known = run.stage === 'sending' || run.stage === 'albums'
  if (stage === 'albums' || !known) return '—'
  if (stage === 'source') return number(run.products)
  if (stage === 'target') return number(run.shownBefore)
  return `${number(settledOf(run))} из ${number(run.total)}`
}
