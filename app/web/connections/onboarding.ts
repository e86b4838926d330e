import type { Seat } from './seat.ts'
import { counted, plural } from '../../texts/plural.ts'

interface Step {
  title: string
  text: string
  done: boolean
  current: boolean
}

/** Till, community, goods: the first of them that is not done is the one to do. */
export function stepsOf(source: Seat, target: Seat): Step[] {
  const connecting = [source, target].map(({ provider, connection }) => ({
    title: provider.title,
    text: connection ? provider.words.done(connection.account) : provider.words.step,
    done: connection !== undefined,
  }))
  const text = 'Посмотрите, что изменится, и запустите.'
  const goods = { title: 'Синхронизация', text, done: false }
  const steps = [...connecting, goods]
  const current = steps.findIndex(({ done }) => !done)
  return steps.map((step, index) => ({
    ...step,
    title: `Шаг ${index + 1}. ${step.title}`,
    current: index === current,
  }))
}

/** «Готов 1 шаг из 3», «Готовы 2 шага из 3». */
export function progressOf(steps: readonly Step[]): string {
  const done = steps.filter((step) => step.done).length
  const verb = plural(done, 'Готов', 'Готовы', 'Готово')
  return `${verb} ${counted(done, 'шаг', 'шага', 'шагов')} из ${steps.length}`
}
