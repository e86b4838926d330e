import type { RequestHandler } from 'express'
import type { Context } from '../../context.ts'
import type { PastEvent } from '../../store/event-rows.ts'
import type { User } from '../../store/users.ts'
import { EVENT_WORDS, eventWords } from '../connections/event-words.ts'
import { stepLinks, withQuery } from '../kit/page-links.ts'
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
      people: withQuery('/admin/users', { q: filter.email }),
      rows: await rowsOf(ctx, shown),
      pages: stepLinks(
        filter.before === undefined ? undefined : { label: 'К последним', href: addressOf(filter) },
        found.length > PAGE
          ? { label: 'Более ранние', href: addressOf(filter, shown.at(-1)?.id) }
          : undefined,
      ),
    })
  }
}

/** Whoever did it is read once for all entries. */
async function rowsOf(ctx: Context, entries: readonly PastEvent[]) {
  const doers = entries.flatMap(({ details: { by } }) =>
    Number.isSafeInteger(by) ? [by as number] : [],
  )
  const people = await ctx.users.named([...new Set(doers)])
  return entries.map((entry) => lineOf(ctx, entry, people))
}

/** Of an entry's details only the number of a person is shown, nothing that might hold more. */
function lineOf(ctx: Context, entry: PastEvent, people: ReadonlyMap<number, User>) {
  const { id, at, event, user, provider, address, requestId, details } = entry
  const about = user?.email ?? numberOf(details.user)
  const by = typeof details.by === 'number' ? people.get(details.by) : undefined
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
