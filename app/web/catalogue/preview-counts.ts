import type { Link } from '../../store/sync-links.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import { ACTIONS, PARTS, type StepFilter } from '../../store/sync-steps.ts'
import { number } from '../kit/amounts.ts'
import type { Ahead } from './estimate.ts'

export type DraftCounts = ReturnType<typeof countsOf>

export function countsOf(ahead: Ahead) {
  const { hide = 0, delete: remove = 0 } = ahead
  const by = { new: 0, update: 0, hide: 0, skip: 0 }
  for (const action of ACTIONS) by[PARTS[action]] += ahead[action] ?? 0
  const all = by.new + by.update + by.hide + by.skip
  const of = (show: StepFilter) => (show ? by[show] : all)
  return { ...by, all, hides: hide, removes: remove, ahead, of }
}

export function filtersOf(counts: DraftCounts, show: StepFilter, link: Link) {
  const filter = (of: StepFilter, label: string) => ({
    label,
    count: number(counts.of(of)),
    href: addressOf(link, of, 1),
    current: of === show,
  })
  return [
    filter(undefined, 'Все'),
    filter('new', 'Новые'),
    filter('update', 'Изменятся'),
    filter('hide', counts.hides === 0 && counts.removes > 0 ? 'Удалим' : 'Скроем'),
    filter('skip', 'Не перенесём'),
  ]
}

export function addressOf({ id }: Link, show: StepFilter, page: number): string {
  const query = new URLSearchParams({ link: String(id), show: show ?? '' })
  if (page > 1) query.set('page', String(page))
  return `/sync/preview?${query.toString()}`
}

/** Products that are not on the till any more, of those that are in the list: all the others are on it. */
export const goneOf = ({ products, unchanged }: Run, { all }: DraftCounts) =>
  Math.max(0, all + unchanged - products)
