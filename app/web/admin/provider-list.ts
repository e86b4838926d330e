import type { Context } from '../../context.ts'
import type { BreakerState } from '../../http/breaker.ts'
import type { Provider } from '../../providers/provider.ts'
import { BREAKER_BADGES } from './breaker-badge.ts'
import type { Format } from '../kit/format.ts'
import type { Badge } from '../kit/badge.ts'

/** A platform as administrators see it. */
export interface Row {
  key: string
  title: string
  keys: string
  breaker: Badge & { note?: string }
  connections: number
  failures: number
}

const HOUR_MS = 3600_000

/** Those with every word of the search in their title or key. */
export function foundBy(q: string, providers: readonly Provider[]): Provider[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return providers.filter(({ key, title }) => {
    const text = `${title} ${key}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Platforms with what each is set up by, how it fares in this process, and how many depend on it. */
export async function rowsOf(
  ctx: Context,
  providers: readonly Provider[],
  format: Format,
  now: Date,
): Promise<Row[]> {
  const [connections, checks] = await Promise.all([
    ctx.connections.countByProvider(),
    ctx.overview.checks(new Date(now.getTime() - HOUR_MS)),
  ])
  return providers.map((provider) => {
    const { key, title } = provider
    const known = provider.configured || connections.has(key)
    return {
      key,
      title,
      keys: keysOf(provider),
      breaker: known ? badgeOf(ctx.httpFor(provider).breaker, format, now) : NO_DATA,
      connections: connections.get(key) ?? 0,
      failures: checks.find((one) => one.provider === key)?.failed ?? 0,
    }
  })
}

function keysOf({ configured, disabled, problem }: Provider): string {
  const set = problem ? 'Заданы, но не подходят' : configured ? 'Заданы' : 'Не заданы'
  return disabled ? `${set}, сервис выключен` : set
}

function badgeOf(state: BreakerState, format: Format, now: Date): Row['breaker'] {
  const badge = BREAKER_BADGES[state.name]
  if (state.name === 'closed') return badge
  if (state.name === 'open') {
    const next = state.until > now ? `в ${format.clock(state.until)}` : 'при ближайшем запросе'
    return { ...badge, note: `следующая попытка ${next}` }
  }
  return { ...badge, note: `${state.succeeded} из ${state.needed} успешных` }
}

const NO_DATA: Badge = { word: 'Нет данных', tone: 'secondary', icon: 'bi-dash-circle' }
