import { type Shown, UNLIMITED } from '../../catalogue/items.ts'

/** Whether a card is on display, as OK names it (docs/platforms/ok.md#display). */
export type Status = 'ACTIVE' | 'SOLD' | 'OUT_OF_STOCK' | 'CLOSED' | 'AUTO_CLOSED'

const ALL: readonly string[] = ['ACTIVE', 'SOLD', 'OUT_OF_STOCK', 'CLOSED', 'AUTO_CLOSED']

/** Answers have it in small letters, calls in capitals; undefined for what is none. */
export function statusIn(value: unknown): Status | undefined {
  const name = typeof value === 'string' ? value.toUpperCase() : ''
  return ALL.includes(name) ? (name as Status) : undefined
}

const isOut = (status: Status | undefined): boolean =>
  status === 'SOLD' || status === 'OUT_OF_STOCK'

/** No pieces are counted: a card is on sale, has run out, or is off display. */
export function shownBy(status: Status | undefined): Pick<Shown, 'hidden' | 'stock'> {
  if (status === undefined) return {}
  if (isOut(status)) return { hidden: false, stock: 0 }
  return status === 'ACTIVE' ? { hidden: false, stock: UNLIMITED } : { hidden: true }
}

/** What a card is to be; `business` are public pages, which run out where groups are sold out. */
export function wantedStatus(
  { hidden, stock }: { hidden: boolean; stock?: number },
  now: Status | undefined,
  business: boolean,
): Status {
  if (hidden) return now === 'AUTO_CLOSED' ? now : 'CLOSED'
  const out = stock === 0 || (stock === undefined && isOut(now))
  if (!out) return 'ACTIVE'
  return business ? 'OUT_OF_STOCK' : 'SOLD'
}

/** The way from one to the other: whatever is not on sale has to be put on sale first. */
export function wayTo(wanted: Status, now: Status | undefined): Status[] {
  if (wanted === now) return []
  return now === 'ACTIVE' || wanted === 'ACTIVE' ? [wanted] : ['ACTIVE', wanted]
}
