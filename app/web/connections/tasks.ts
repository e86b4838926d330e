import { counted, plural } from '../../texts/plural.ts'
import { sayAny } from '../../texts/index.ts'
import { pressable } from '../kit/state.ts'
import type { Seat } from './seat.ts'

/** Something a person should do, with the one button that does it. */
interface Task {
  title: string
  text: string
  href: string
  label: string
  about: string
  severe: boolean
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
