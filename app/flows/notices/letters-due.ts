import type { QueuedNotice } from '../../store/notice-queue.ts'
import type { Notes } from './letter-writers.ts'

/** What began and ended before anybody was told of it needs no letter, and neither does its end. */
export function settledIn(claimed: Notes): Notes {
  const isGood = ({ kind }: QueuedNotice) => ENDS[kind] !== undefined
  return claimed.filter(isGood).flatMap((end) => {
    const beginning = claimed.findLast(
      ({ id, userId, provider, kind }) =>
        id < end.id &&
        userId === end.userId &&
        provider === end.provider &&
        kind === ENDS[end.kind],
    )
    return beginning ? [beginning, end] : []
  })
}

const ENDS: Partial<Record<QueuedNotice['kind'], QueuedNotice['kind']>> = {
  recovered: 'incident',
  outage_over: 'outage',
}

/** What goes into one letter: all of a kind that one person is to be told. */
export function lettersOf(notes: Notes): Notes[] {
  const letters = new Map<string, QueuedNotice[]>()
  for (const note of notes) {
    const name = `${note.userId} ${note.kind}`
    letters.set(name, [...(letters.get(name) ?? []), note])
  }
  return [...letters.values()]
}

export const idsOf = (notes: Notes) => notes.map(({ id }) => id)
