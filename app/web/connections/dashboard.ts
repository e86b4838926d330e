import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { sayAny } from '../../texts/index.ts'
import { named } from '../../texts/names.ts'
import { cardOf, type ConnectionCard } from './card.ts'
import { counted, plural } from '../../texts/plural.ts'
import type { Format } from '../kit/format.ts'
import { pressable, type State } from '../kit/state.ts'
import { carryingRail, type RailState } from '../catalogue/dashboard-rail.ts'

/** A platform, the person's connection to it, and what that amounts to. */
export interface Seat {
  provider: Provider
  connection: Connection | undefined
  state: State
}

/** Something a person should do, with the one button that does it. */
export interface Task {
  title: string
  text: string
  href: string
  label: string
  about: string
  severe: boolean
}

/** The line between till and community: how it looks, what stands under the knob. */
export interface Rail {
  look: '' | 'rail-off' | 'rail-bad'
  icon: string
  lines: string[]
  link?: { href: string; label: string }
}

export interface Step {
  title: string
  text: string
  done: boolean
  current: boolean
}

/** What needs a person, in the order of the cards; an outage needs nobody. */
export function tasksOf(seats: readonly Seat[]): Task[] {
  return seats.flatMap(({ provider, state }) => {
    if (!state.code || (state.name !== 'revoked' && state.name !== 'attention')) return []
    const { title, why, button } = sayAny(state.code, provider, state.values)
    const reconnect = pressable(button, provider) === 'reconnect'
    return {
      title,
      text: why,
      href: reconnect ? `/${provider.key}/connect` : `/${provider.key}`,
      label: reconnect ? 'Переподключить' : 'Исправить',
      about: ` ${provider.title}`,
      severe: state.name === 'revoked',
    }
  })
}

/** «Требует внимания 1 сервис», «Требуют внимания 2 сервиса». */
export function tasksTitle(count: number): string {
  const verb = plural(count, 'Требует', 'Требуют', 'Требуют')
  return `${verb} внимания ${counted(count, 'сервис', 'сервиса', 'сервисов')}`
}

export function railOf(
  source: Seat,
  target: Seat,
  glance: RailState,
  { format, now }: { format: Format; now: Date },
): Rail {
  const ends = [source, target]
  const broken = ends.find(({ state }) => state.name === 'revoked')
  if (broken) {
    const since = broken.connection?.lastOnlineAt
    const lines = ['Связь прервана', ...(since ? [format.dayTime(since)] : [])]
    return { look: 'rail-bad', icon: 'bi-x-lg keep', lines }
  }
  const missing = ends.filter(({ connection }) => !connection)
  const [first, second] = missing
  if (first && second) return waiting('Ждём подключений')
  if (first) return waiting(named('Ждём подключения {ofP}', first.provider))
  return carryingRail(glance, format, now)
}

const waiting = (line: string): Rail => ({ look: 'rail-off', icon: 'bi-pause keep', lines: [line] })

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

export const entryAt = ({ provider, connection, state }: Seat): ConnectionCard =>
  cardOf(provider, connection, state)
