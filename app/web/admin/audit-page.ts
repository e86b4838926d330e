import type { RequestHandler } from 'express'
import type { Context } from '../../context.ts'
import type { PastEvent } from '../../store/event-rows.ts'
import { EVENT_WORDS, eventWords } from '../connections/event-words.ts'
import { addressOf, filterOf, numberOf, wantedBy } from './audit-filter.ts'

const PAGE = 50

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
