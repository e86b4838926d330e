import type { Request } from 'express'
import type { Context } from '../../context.ts'
import type { EventFilter } from '../../store/event-rows.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { EVENT_WORDS } from '../connections/event-words.ts'
import { rowOf, searchOf, withQuery } from '../kit/page-links.ts'

/** What the form above the journal asks for. */
interface Filter {
  email: string
  event: string
  before: number | undefined
}

/** Whatever else stands in the address is as good as nothing. */
export function filterOf({ query }: Request): Filter {
  const { email, event, before } = query
  return {
    email: searchOf(email),
    event: typeof event === 'string' && Object.hasOwn(EVENT_WORDS, event) ? event : '',
    before: rowOf(before),
  }
}

/** Undefined when there is nobody with that address. */
export async function wantedBy(
  ctx: Context,
  { email, event, before }: Filter,
): Promise<EventFilter | undefined> {
  const rest = { ...(event && { event }), ...(before !== undefined && { before }) }
  if (!email) return rest
  const person = await ctx.users.findByEmail(canonicalEmail(email))
  return person && { userId: person.user.id, ...rest }
}

export const numberOf = (id: unknown) =>
  typeof id === 'number' ? `удалённый аккаунт ${id}` : undefined

export const addressOf = ({ email, event }: Filter, before?: number): string =>
  withQuery('/admin/audit', { email, event, before })
