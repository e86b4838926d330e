import type { Request, RequestHandler } from 'express'
import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import type { PastEvent, Wanted } from '../../store/event-rows.ts'
import { EVENT_WORDS, eventWords } from '../connections/event-words.ts'

const PAGE = 50

/** What the form above the journal asks for. */
interface Filter {
  email: string
  event: string
  before: number | undefined
}

/** `GET /admin/audit`: who did what and when, newest first, fifty a page. */
export function showAudit(ctx: Context): RequestHandler {
  return async (req, res) => {
    const filter = filterOf(req)
    const wanted = await wantedBy(ctx, filter)
    const found = wanted ? await ctx.events.page(wanted, PAGE + 1) : []
    const shown = found.slice(0, PAGE)
    res.render('admin/audit', {
      title: 'Администрирование: журнал',
      filter,
      events: EVENT_WORDS,
      stranger: !wanted,
      rows: await Promise.all(shown.map((entry) => rowOf(ctx, entry))),
      older: found.length > PAGE ? addressOf(filter, shown.at(-1)?.id) : undefined,
      newest: filter.before === undefined ? undefined : addressOf(filter),
    })
  }
}

/** Whatever else stands in the address is as good as nothing. */
function filterOf({ query }: Request): Filter {
  const { email, event, before } = query
  return {
    // PostgreSQL refuses a text with a NUL in it.
    email:
      typeof email === 'string'
        ? email
            .replace(/\p{Cc}/gu, '')
            .trim()
            .slice(0, 254)
        : '',
    event: typeof event === 'string' && Object.hasOwn(EVENT_WORDS, event) ? event : '',
    before: typeof before === 'string' && /^\d{1,9}$/.test(before) ? Number(before) : undefined,
  }
}

/** Undefined when there is nobody with that address. */
async function wantedBy(
  ctx: Context,
  { email, event, before }: Filter,
): Promise<Wanted | undefined> {
  const rest = { ...(event && { event }), ...(before !== undefined && { before }) }
  if (!email) return rest
  const person = await ctx.users.findByEmail(canonicalEmail(email))
  return person && { userId: person.user.id, ...rest }
}

/** Of an entry's details only the number of a person is shown, nothing that might hold more. */
async function rowOf(ctx: Context, entry: PastEvent) {
  const { id, at, event, user, provider, address, requestId, details } = entry
  const about = user?.email ?? numberOf(details.user)
  const by = typeof details.by === 'number' ? await ctx.users.find(details.by) : undefined
  const platform = provider && (ctx.providers.find(provider)?.title ?? provider)
  return {
    id,
    at,
    who: by?.email ?? about ?? 'неизвестный',
    action: eventWords(event),
    object: platform ?? (by ? about : undefined) ?? '—',
    address: address ?? '—',
    request: requestId ?? '—',
  }
}

const numberOf = (id: unknown) => (typeof id === 'number' ? `удалённый аккаунт ${id}` : undefined)

function addressOf({ email, event }: Filter, before?: number): string {
  const query = new URLSearchParams({
    ...(email && { email }),
    ...(event && { event }),
    ...(before !== undefined && { before: String(before) }),
  }).toString()
  return `/admin/audit${query && `?${query}`}`
}
