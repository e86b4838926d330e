import type { RailState } from '../catalogue/dashboard-rail.ts'

interface Action {
  href: string
  label: string
}

/**
 * What there is to do once both ends are connected, whatever the state of each way: the most pressing of them all, and on an
 * ordinary day a look at the goods.
 */
export function nextAction(ways: readonly RailState[]): Action {
  const active = ways.flatMap((way) => way.active ?? [])
  const going = active.find(({ resting }) => !resting)
  if (ways.every(({ links }) => links === 0))
    return { href: '/sync/settings', label: 'Настроить перенос товаров' }
  if (ways.some(({ troubled }) => troubled === 'waits'))
    return { href: '/sync', label: 'Посмотреть, что случилось' }
  if (going) return { href: `/sync/runs/${going.id}`, label: 'Смотреть ход' }
  if (active.length > 0) return { href: '/sync', label: 'Открыть синхронизацию' }
  if (ways.some(({ links, known }) => links > 0 && !known))
    return { href: '/sync', label: 'Запустить в первый раз' }
  return { href: '/goods', label: 'Посмотреть товары' }
}
