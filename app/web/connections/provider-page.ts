import type { Request, RequestHandler, Response } from 'express'
import type { Text } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { grantedScopes } from '../../providers/scopes.ts'
import type { Offer } from '../../store/offers.ts'
import type { Connection } from '../../store/connection.ts'
import { isConnectCode, sayAny, type TextCode } from '../../texts/index.ts'
import { named } from '../../texts/names.ts'
import { summaryOf } from '../catalogue/provider-summary.ts'
import { journalOf } from './journal.ts'
import { instructionParts } from '../kit/instructions.ts'
import { ownPath, withReturn } from '../kit/paths.ts'
import { signedIn } from '../kit/signed-in.ts'
import { isOpen, pressable, type State, stateOf } from '../kit/state.ts'
import { stripBegins, stripOf } from './check-strip.ts'
import type { Notice } from './provider-notices.ts'

/** The platform of the address. */
export function asked({ locals: { provider } }: Response): Provider {
  if (!provider) throw new Error('the address names no platform')
  return provider
}

/** `GET /<key>`: one platform in whichever state it is, and `?error=` on top of it. */
export function showProvider(ctx: Context): RequestHandler {
  return async (req, res) => {
    const provider = asked(res)
    const user = signedIn(res)
    const connection = await ctx.connections.find(user.id, provider.key)
    const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, res.locals)
    const offer = connection && (await ctx.offers.find(user.id, provider.key))
    const error = await errorNotice(ctx, req, res, { provider, connection, state, offer })
    const notice = stateNotice(provider, connection, state, res)

    res.render('providers/show', {
      title: `${error && error.tone !== 'info' ? 'Ошибка: ' : ''}${provider.title}: ${state.badge.word.toLowerCase()}`,
      provider,
      connectHref: connectHref(provider, req),
      connection,
      confirmedAt: provider.audit && (await ctx.events.lastAt(user.id, provider.key, 'connected')),
      badge: state.badge,
      state: state.name,
      error,
      notice,
      reconnectable: isOpen(provider) && notice?.button !== 'reconnect',
      offer: offer && { current: nameOf(connection), offered: nameOf(offer) },
      facts: connection ? provider.words.facts(connection.account) : [],
      table: connection && provider.words.table?.(connection.account),
      rights: connection ? grantedScopes(provider, connection.scope) : provider.scopes,
      setup: setupFor(provider, res),
      keysPage:
        ctx.providers.fieldsOf(provider.key).length > 0 && `/admin/providers/${provider.key}`,
      remarks: isAdministrator(res) ? (provider.remarks?.(res.locals.now) ?? []) : [],
      administrator: state.name === 'unset' ? await ctx.users.administrator() : undefined,
      carried: connection && (await summaryOf(ctx, user.id, provider, res.locals)),
      strip: connection && (await strip(ctx, connection, provider, res)),
      journal: await journalOf(ctx, user.id, provider),
    })
  }
}

/** Whoever came with a page to return to takes it along. */
function connectHref({ key }: Provider, { query }: Request): string {
  return withReturn(`/${key}/connect`, ownPath(query.redirect_path))
}

interface Shown {
  provider: Provider
  connection: Connection | undefined
  state: State
  offer: Offer | undefined
}

/** The words for `?error=`, unless the state of the connection already says the same, or it is over. */
async function errorNotice(
  ctx: Context,
  req: Request,
  res: Response,
  shown: Shown,
): Promise<Notice | undefined> {
  const code = req.query.error
  const { provider, connection, state, offer } = shown
  if (typeof code !== 'string' || !isConnectCode(code) || code === state.code) return undefined
  if (code === 'account_changed' && !offer) return undefined
  if (code === 'profile_failed' && (connection?.account.name ?? state.name !== 'ok'))
    return undefined
  if (code === 'not_configured' && provider.configured) return undefined
  if (code === 'provider_disabled' && !provider.disabled) return undefined

  const administrator = await ctx.users.administrator()
  const values = {
    ...state.values,
    ...(administrator && { adminEmail: administrator.email }),
    redirectUri: provider.redirectUri,
    connect: connection ? 'Переподключить' : `Подключить ${provider.title}`,
    current: nameOf(connection),
    offered: nameOf(offer),
  }
  const told = connection ? code : (BEGINNING[code] ?? code)
  return noticeOf(
    sayAny(told, provider, values),
    provider,
    code,
    failedRequest(req, res, provider, code),
  )
}

/** Where nothing is connected yet, nothing goes on by itself. */
const BEGINNING: Partial<Record<string, TextCode>> = {
  provider_unavailable: 'connect_unavailable',
  rate_limited: 'connect_rate_limited',
}

/** The request that failed, if it was this session's last one; otherwise this one. */
function failedRequest(req: Request, res: Response, { key }: Provider, code: string): string {
  const { failure } = req.session
  const { format, now, requestId } = res.locals
  const same = failure?.provider === key && failure.code === code
  const request = same ? failure.requestId : requestId
  const at = same ? new Date(failure.at) : now
  return `Запрос: ${request}. Время: ${format.exact(at)}.`
}

function stateNotice(
  provider: Provider,
  connection: Connection | undefined,
  { code, values }: State,
  res: Response,
): Notice | undefined {
  if (!code || !connection) return undefined
  const { detail, lastCheckedAt } = connection
  const { format } = res.locals
  const answer = detail ? `${named('Ответ {ofP}', provider)}: ${detail}. ` : ''
  const checked = lastCheckedAt
    ? `Проверено ${format.exact(lastCheckedAt)}.`
    : 'Ещё не проверялось.'
  return noticeOf(sayAny(code, provider, values), provider, code, answer + checked)
}

const noticeOf = (text: Text, provider: Provider, code: string, detail: string): Notice => ({
  ...text,
  button: pressable(text.button, provider),
  code,
  detail,
})

const nameOf = (holder: Pick<Connection, 'account'> | undefined): string =>
  holder?.account.name ?? holder?.account.id ?? 'без имени'

/** Only administrators can do something with them. */
function setupFor({ words, redirectUri }: Provider, res: Response) {
  if (!isAdministrator(res)) return undefined
  return words.setup.map((step) => instructionParts(step, redirectUri))
}

const isAdministrator = ({ locals }: Response) => locals.user?.role === 'admin'

async function strip(ctx: Context, { id }: Connection, provider: Provider, res: Response) {
  const { format, now } = res.locals
  const since = stripBegins(now)
  const [counts, changes] = await Promise.all([
    ctx.checkHistory.counts(id, since),
    ctx.checkHistory.changes(id, since),
  ])
  return stripOf({ counts, changes }, provider, format, now)
}
