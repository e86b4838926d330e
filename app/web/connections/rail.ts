import type { Seat } from './seat.ts'
import { named } from '../../texts/names.ts'
import { cardOf, type ConnectionCard } from './card.ts'
import type { Format } from '../kit/format.ts'
import type { State } from '../kit/state.ts'
import { carryingRail, type RailState } from '../catalogue/dashboard-rail.ts'

/** The line between till and community: how it looks, what stands under the knob. */
export interface Rail {
  look: '' | 'rail-off' | 'rail-bad'
  icon: string
  lines: string[]
  link?: { href: string; label: string }
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
  const stopped = ends.find(stops)
  if (stopped) return stoppedRail(stopped)
  const missing = ends.filter(({ connection }) => !connection)
  const [first, second] = missing
  if (first && second) return waiting('Ждём подключений')
  if (first) return waiting(named('Ждём подключения {ofP}', first.provider))
  return carryingRail(glance, format, now)
}

/** Goods cannot pass: the platform is away, or a right is missing. What only ends soon lets them pass. */
const stops = ({ state }: Seat): boolean =>
  state.name === 'down' || (state.name === 'attention' && !PASSING.has(state.code))

const PASSING: ReadonlySet<State['code']> = new Set(['expires_soon', 'refresh_failed'])

function stoppedRail({ provider, state }: Seat): Rail {
  const href = `/${provider.key}`
  if (state.name === 'down') {
    const lines = ['Товары пока не переносятся:', `${provider.title} не отвечает`]
    return { look: 'rail-off', icon: 'bi-pause keep', lines, link: { href, label: 'Подробнее' } }
  }
  const link = { href, label: 'Исправить' }
  return { look: 'rail-bad', icon: 'bi-x-lg keep', lines: ['Товары не переносятся'], link }
}

const waiting = (line: string): Rail => ({ look: 'rail-off', icon: 'bi-pause keep', lines: [line] })

export const entryAt = ({ provider, connection, state }: Seat): ConnectionCard =>
  cardOf(provider, connection, state)
