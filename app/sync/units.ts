import { clean } from './clean.ts'

/** What is measured rather than counted: its price is for one of these, and half of one can be had (evotor.md §8.2). */
const MEASURES: ReadonlySet<string> = new Set(['кг', 'л', 'м', 'км', 'м2', 'м3'])

/** `кг.` and `КГ` are `кг`; absent for what is sold by the piece. */
export function measureOf(unit: string): string | undefined {
  const plain = clean(unit).toLowerCase().replace(/\.$/, '')
  return MEASURES.has(plain) ? plain : undefined
}
