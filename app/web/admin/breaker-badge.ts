import type { BreakerState } from '../../http/breaker.ts'
import type { Badge } from '../kit/badge.ts'

/** A breaker's state as administrators read it. */
export const BREAKER_BADGES: Record<BreakerState['name'], Badge> = {
  closed: { word: 'Работает', tone: 'success', icon: 'bi-check-circle-fill' },
  open: { word: 'Пауза', tone: 'danger', icon: 'bi-x-octagon-fill' },
  probing: { word: 'Пробные запросы', tone: 'warning', icon: 'bi-hourglass-split' },
}
