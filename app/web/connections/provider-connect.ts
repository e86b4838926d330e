import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import { ConnectFailed, type ConnectFailure, NotFound } from '../../errors.ts'
import { chooseAccount } from '../../flows/connections/choose-account.ts'
import { beginConnect, completeConnect, type Visitor } from '../../flows/connections/connect.ts'
import { connectPasted } from '../../flows/connections/connect-pasted.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { endpointsAmong } from '../../flows/catalogue/endpoints.ts'
import type { Connection } from '../../store/connection.ts'
import { named } from '../../texts/names.ts'
import type { Provider } from '../../providers/provider.ts'
import { beginningOf } from '../kit/elsewhere.ts'
import { typed } from '../kit/forms.ts'
import { STARTS } from '../kit/limits.ts'
import { ownPath, queryOf } from '../kit/paths.ts'
import { asked } from './provider-page.ts'
import { noteFailure } from '../kit/session.ts'
import { signedIn } from '../kit/signed-in.ts'

/**
 * Who was sent here by another site begins on the platform's page, by a press of their own: the other site might have
 * signed them in to an account of its own at the platform before.
 */
export function knowingly({ config }: Context): RequestHandler {
  return (req, res, next) => {
    if (beginningOf(config, req) !== 'elsewhere') {
      next()
      return
    }
    const back = ownPath(req.query.redirect_path)
    const page = `/${asked(res).key}?error=begun_elsewhere`
    res.redirect(303, back ? `${page}&redirect_path=${encodeURIComponent(back)}` : page)
  }
}

/** `GET /<key>/connect`: sends the person to the platform. Counting and the attempt are one unit. */
export function sendAway(ctx: Context): RequestHandler {
  return async (req, res) => {
    const back = ownPath(req.query.redirect_path)
    const visitor = visitorOf(req, res)
    const begin = async (unit: Context) => {
      await countOrRefuse(unit, STARTS, String(visitor.userId))
      return await beginConnect(unit, visitor, asked(res), back)
    }
    res.redirect(302, (await ctx.inOne(begin, 'relaxed')).href)
  }
}

/** `GET /<key>/callback`: the person is back; open to strangers, whose session may have ended on the way. */
export function welcomeBack(ctx: Context): RequestHandler {
  return async (req, res) => {
    const provider = asked(res)
    if (!res.locals.user) {
      res.redirect(303, errorPage(provider, 'session_lost'))
      return
    }
    const visitor = visitorOf(req, res)
    const { outcome, returnTo } = await completeConnect(ctx, visitor, provider, queryOf(req))
    await showOutcome(ctx, req, res, provider, outcome, returnTo)
  }
}

/** `POST /<key>/account`: which of two accounts stays. */
export function settleAccount(ctx: Context): RequestHandler {
  return async (req, res) => {
    const provider = asked(res)
    const choice = fieldOf(req, 'choice') === 'replace' ? 'replace' : 'keep'
    const done = await chooseAccount(ctx, signedIn(res).id, provider, choice)
    if (done && choice === 'replace') await welcome(ctx, req, res, provider)
    res.redirect(303, done && choice === 'replace' ? '/connections' : `/${provider.key}`)
  }
}

/** `POST /<key>/token`: connects with a token the person pasted. */
export function takeToken(ctx: Context): RequestHandler {
  return async (req, res) => {
    const provider = asked(res)
    if (!provider.pasted) throw new NotFound('token')
    const outcome = await connectPasted(ctx, signedIn(res).id, provider, fieldOf(req, 'token'))
    await showOutcome(ctx, req, res, provider, outcome)
  }
}

const visitorOf = (req: Request, res: Response): Visitor => ({
  userId: signedIn(res).id,
  sessionId: req.sessionID,
})

const errorPage = ({ key }: Provider, code: ConnectFailure) => `/${key}?error=${code}`

const fieldOf = ({ body }: Request, name: string): string => typed(body, [name])[name] ?? ''

async function showOutcome(
  ctx: Context,
  req: Request,
  res: Response,
  provider: Provider,
  outcome: 'connected' | ConnectFailure,
  returnTo = '/connections',
) {
  if (outcome === 'connected') await welcome(ctx, req, res, provider)
  else noteFailure(req, res, provider, outcome)
  res.redirect(303, outcome === 'connected' ? returnTo : errorPage(provider, outcome))
}

async function welcome(ctx: Context, req: Request, res: Response, provider: Provider) {
  const { id } = signedIn(res)
  const connections = await ctx.connections.list(id)
  const connection = connections.find(({ provider: key }) => key === provider.key)
  const [fact] = connection ? provider.words.facts(connection.account) : []
  const texts = fact ? [`${fact.label}: ${fact.value}.`] : []
  const ready = await waitsForSettings(ctx, id, provider, connections)
  if (ready) texts.push('Осталось выбрать сообщество и запустить синхронизацию.')
  req.session.flash = {
    tone: 'ok',
    title: named('Аккаунт {ofP} подключён', provider),
    ...(texts.length > 0 && { text: texts.join(' ') }),
    ...(ready && { next: { href: '/sync/settings', label: 'Настроить синхронизацию' } }),
  }
}

/** Both ends of the goods' way are there since just now, and no way between them. */
async function waitsForSettings(
  ctx: Context,
  userId: number,
  provider: Provider,
  connections: readonly Connection[],
) {
  if (!provider.source && !provider.target) return false
  const { source, target } = endpointsAmong(ctx, connections)
  if (!source?.connection || !target?.connection) return false
  return (await ctx.syncLinks.list(userId)).length === 0
}

/** What could not even begin is told on the platform's page too. */
export function connectFailures(
  error: unknown,
  req: Request,
  res: Response,
  next: (error: unknown) => void,
) {
  const { provider } = res.locals
  if (!(error instanceof ConnectFailed) || !provider) {
    next(error)
    return
  }
  noteFailure(req, res, provider, error.code)
  res.redirect(303, errorPage(provider, error.code))
}
