import type { Badge } from '../../kit/badge.ts'

export interface Figure {
  label: string
  count: string
  zero: boolean
}

/** A run in the table. */
export interface RunLine {
  id: number
  begun: Date
  badge: Badge
  origin: string
  /** From where to where; only where there are several. */
  pair?: string
  figures: Figure[]
  errors: Figure
  took: string
}
