import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { eventWords } from './event-words.ts'

const SHOWN = 10

/** What happened to a person's own connection lately; `address` is where they did it from, or that it went by itself. */
export async function journalOf(ctx: Context, userId: number, { key }: Provider) {
  const events = await ctx.events.recent(userId, key, SHOWN)
  return events.map(({ at, event, address }) => ({
    at,
    words: eventWords(event),
    address: address ? `с адреса ${address}` : 'автоматически',
  }))
}
