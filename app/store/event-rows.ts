import { type Stored, toDate } from './db.ts'

/** Something worth remembering; never a secret. */
export interface JournalEntry {
  event: string
  userId?: number | undefined
  provider?: string | undefined
  /** Where it was done from; the request's own address unless said otherwise. */
  address?: string | undefined
  details?: Record<string, unknown> | undefined
}

/** An entry as it is read. `user` is whom it is about, if they are still here. */
export interface PastEvent {
  id: number
  at: Date
  event: string
  provider: string | undefined
  address: string | undefined
  requestId: string | undefined
  details: Record<string, unknown>
  user: { id: number; email: string } | undefined
}

/** Which entries; `before` is the id of the oldest one already seen. */
export interface EventFilter {
  userId?: number
  event?: string
  before?: number
}

export interface Row {
  id: number
  at: Stored
  event: string
  provider: string | null
  address: string | null
  request_id: string | null
  details: string | null
  user_id: number | null
  email: string | null
}

export function fromRow(row: Row): PastEvent {
  return {
    id: row.id,
    at: toDate(row.at),
    event: row.event,
    provider: row.provider ?? undefined,
    address: row.address ?? undefined,
    requestId: row.request_id ?? undefined,
    details: parseDetails(row.details),
    user:
      row.user_id === null || row.email === null
        ? undefined
        : { id: row.user_id, email: row.email },
  }
}

/** An entry that has gone bad costs its details, not the page. */
function parseDetails(text: string | null): Record<string, unknown> {
  try {
    return text === null ? {} : (JSON.parse(text) as Record<string, unknown>)
  } catch {
    return {}
  }
}
