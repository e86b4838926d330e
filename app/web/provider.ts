import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../context.ts'
import { ConnectFailed, type ConnectFailure, NotFound, ProviderError } from '../errors.ts'
import { checkConnection } from '../flows/check-health.ts'
import { chooseAccount } from '../flows/choose-account.ts'
import { beginConnect, completeConnect, failureOf, type Visitor } from '../flows/connect.ts'
import { connectPasted } from '../flows/connect-pasted.ts'
import { disconnect, type Farewell } from '../flows/disconnect.ts'
import { renew } from '../flows/renew.ts'
import type { Provider } from '../providers/provider.ts'
import type { Connection } from '../store/connection-rows.ts'
import type { Flash } from '../store/session-data.ts'
import { typed } from './forms.ts'
import { CHECKS, limitedByUser, STARTS } from './limits.ts'
import { ownPath, queryOf } from './paths.ts'
import { asked, showProvider } from './provider-page.ts'
import { requireUser, signedIn } from './session.ts'
import { signInCallback } from './sign-in-with.ts'

/** The routes every platform has; which one is asked for is in `res.locals.provider`. */
export function providerRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()

  router.param('key', (_req, res, next, key: string) => {
    res.locals.provider = ctx.providers.get(key)
    next()
  })

  router.get('/:key/connect', requireUser, limitedByUser(ctx, STARTS), async (req, res) => {
    const provider = asked(res)
    const url = await beginConnect(
      ctx,
      visitorOf(req, res),
      provider,
      ownPath(req.query.redirect_path),
    )
    res.redirect(302, url.href)
  })
  router.get('/:key/callback', signInCallback(ctx), async (req, res) => {
    const provider = asked(res)
    if (!res.locals.user) {
      res.redirect(303, errorPage(provider, 'session_lost'))
      return
    }
    const { outcome, returnTo } = await completeConnect(
      ctx,
      visitorOf(req, res),
      provider,
      queryOf(req),
    )
    if (outcome === 'connected') await welcome(ctx, req, res, provider)
    else noteFailure(req, res, provider, outcome)
    res.redirect(
      303,
      outcome === 'connected' ? (returnTo ?? '/connections') : errorPage(provider, outcome),
    )
  })

  router.use('/:key', requireUser, forms)
  router.get('/:key', showProvider(ctx))
  router.post('/:key/check', limitedByUser(ctx, CHECKS), async (_req, res) => {
    const provider = asked(res)
    const connection = await ctx.connections.find(signedIn(res).id, provider.key)
    if (connection) await checkConnection(ctx, connection, provider)
    res.redirect(303, `/${provider.key}`)
  })
  router.post('/:key/renew', limitedByUser(ctx, CHECKS), async (req, res) => {
    const provider = asked(res)
    const connection = await ctx.connections.find(signedIn(res).id, provider.key)
    if (connection) req.session.flash = await renewedFlash(ctx, connection, provider)
    res.redirect(303, `/${provider.key}`)
  })
  router.post('/:key/disconnect', async (req, res) => {
    const provider = asked(res)
    const farewell = await disconnect(ctx, signedIn(res).id, provider)
    if (farewell) req.session.flash = farewellFlash(provider, farewell)
    res.redirect(303, `/${provider.key}`)
  })
  router.post('/:key/account', async (req, res) => {
    const provider = asked(res)
    const choice = fieldOf(req, 'choice') === 'replace' ? 'replace' : 'keep'
    const done = await chooseAccount(ctx, signedIn(res).id, provider, choice)
    if (done && choice === 'replace') await welcome(ctx, req, res, provider)
    res.redirect(303, done && choice === 'replace' ? '/connections' : `/${provider.key}`)
  })
  router.post('/:key/token', limitedByUser(ctx, STARTS), async (req, res) => {
    const provider = asked(res)
    if (!provider.pasted) throw new NotFound('token')
    const outcome = await pastedOutcome(ctx, signedIn(res).id, provider, fieldOf(req, 'token'))
    if (outcome === 'connected') await welcome(ctx, req, res, provider)
    else noteFailure(req, res, provider, outcome)
    res.redirect(303, outcome === 'connected' ? '/connections' : errorPage(provider, outcome))
  })

  router.use('/:key', connectFailures)
  return router
}

const visitorOf = (req: Request, res: Response): Visitor => ({
  userId: signedIn(res).id,
  sessionId: req.sessionID,
})

const errorPage = ({ key }: Provider, code: ConnectFailure) => `/${key}?error=${code}`

const fieldOf = ({ body }: Request, name: string): string => typed(body, [name])[name] ?? ''

async function renewedFlash(
  ctx: Context,
  connection: Connection,
  provider: Provider,
): Promise<Flash> {
  try {
    await renew(ctx, connection, provider)
    return { tone: 'ok', title: 'Доступ продлён' }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    // What a dead grant asks of its owner is told by the check that follows.
    if (error.kind === 'dead') await checkConnection(ctx, connection, provider)
    const text = 'Ваше подключение не потеряно, следующая попытка будет сама.'
    return error.kind === 'dead'
      ? {
          tone: 'bad',
          title: 'Доступ продлить нельзя',
          text: `Переподключите аккаунт ${provider.title}.`,
        }
      : { tone: 'warn', title: 'Продлить доступ сейчас не получилось', text }
  }
}

async function pastedOutcome(ctx: Context, userId: number, provider: Provider, text: string) {
  try {
    return await connectPasted(ctx, userId, provider, text)
  } catch (error) {
    return failureOf(error)
  }
}

async function welcome(ctx: Context, req: Request, res: Response, provider: Provider) {
  const connection = await ctx.connections.find(signedIn(res).id, provider.key)
  const [fact] = connection ? provider.words.facts(connection.account) : []
  req.session.flash = {
    tone: 'ok',
    title: `Аккаунт ${provider.title} подключён`,
    ...(fact && { text: `${fact.label}: ${fact.value}.` }),
  }
}

/** So that the page can name the request that failed, and not the one that shows it. */
function noteFailure(req: Request, res: Response, { key }: Provider, code: ConnectFailure) {
  req.session.failure = { provider: key, code, requestId: res.locals.requestId, at: Date.now() }
}

function farewellFlash({ title, words }: Provider, farewell: Farewell) {
  const texts: Record<Farewell, string> = {
    revoked: 'Доступ отозван, ключи доступа удалены.',
    unreached: `Ключи доступа удалены. ${title} не подтвердил отзыв, поэтому доступ там мог остаться. ${words.removeByHand}`,
    by_hand: `Ключи доступа удалены. ${words.removeByHand}`,
  }
  return {
    tone: 'ok' as const,
    title: `Аккаунт ${title} отключён`,
    text: texts[farewell],
    ...(words.removeUrl &&
      farewell !== 'revoked' && {
        link: { href: words.removeUrl, label: `Открыть настройки доступа ${title}` },
      }),
  }
}

/** What could not even begin is told on the platform's page too. */
function connectFailures(
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
