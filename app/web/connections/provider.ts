import { type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { checkConnection } from '../../flows/connections/check-health.ts'
import { disconnect, type Farewell } from '../../flows/connections/disconnect.ts'
import { endTroubles } from '../../flows/notices/end-troubles.ts'
import { type Cause, causeOf } from '../../flows/notices/failure-reason.ts'
import { renew } from '../../flows/connections/renew.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection-rows.ts'
import { named } from '../../texts/names.ts'
import type { Flash } from '../../store/session-data.ts'
import { CHECKS, limitedByUser, STARTS } from '../kit/limits.ts'
import {
  connectFailures,
  knowingly,
  sendAway,
  settleAccount,
  takeToken,
  welcomeBack,
} from './provider-connect.ts'
import { asked, showProvider } from './provider-page.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { signInCallback } from '../accounts/sign-in-callback.ts'
import { wordsOf } from '../catalogue/words.ts'

/** The routes every platform has; which one is asked for is in `res.locals.provider`. */
export function providerRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const starts = limitedByUser(ctx, STARTS)
  const checks = limitedByUser(ctx, CHECKS)

  router.param('key', (_req, res, next, key: string) => {
    res.locals.provider = ctx.providers.get(key)
    next()
  })

  router.get('/:key/connect', requireUser, knowingly(ctx), starts, sendAway(ctx))
  router.get('/:key/callback', signInCallback(ctx), welcomeBack(ctx))

  router.use('/:key', requireUser, forms)
  router.get('/:key', showProvider(ctx))
  router.post('/:key/account', settleAccount(ctx))
  router.post('/:key/token', starts, takeToken(ctx))
  router.post('/:key/check', checks, async (req, res) => {
    const provider = asked(res)
    const connection = await ctx.connections.find(signedIn(res).id, provider.key)
    const unasked = (why: Cause) => {
      if (why.code !== 'captcha') req.session.flash = uncheckedFlash(provider, why, res) // the page asks for that itself
    }
    const checked =
      connection && (await checkConnection(ctx, connection, provider, undefined, unasked))
    if (checked?.isOnline) await endTroubles(ctx, checked.userId, provider)
    res.redirect(303, `/${provider.key}`)
  })
  router.post('/:key/renew', checks, async (req, res) => {
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

  router.use('/:key', connectFailures)
  return router
}

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
    const { title } = wordsOf(causeOf(error).code, provider)
    const text = `${title}. Ваше подключение не потеряно, следующая попытка будет сама.`
    return error.kind === 'dead'
      ? {
          tone: 'bad',
          title: 'Доступ продлить нельзя',
          text: named('Переподключите аккаунт {ofP}.', provider),
        }
      : { tone: 'warn', title: 'Продлить доступ сейчас не получилось', text }
  }
}

/** Nothing is known anew: why, and when we ask again. */
function uncheckedFlash(provider: Provider, { code, retryAt }: Cause, res: Response): Flash {
  const { format, now } = res.locals
  const again = `Проверим ещё раз ${retryAt ? format.ahead(retryAt, now) : 'через минуту'}.`
  const { title, why } = wordsOf(code, provider)
  return { tone: 'warn', title, text: `${why} ${again} Подключение остаётся как было.` }
}

function farewellFlash(provider: Provider, farewell: Farewell) {
  const { words } = provider
  const texts: Record<Farewell, string> = {
    revoked: 'Доступ отозван, ключи доступа удалены.',
    unreached: `Ключи доступа удалены. ${named('{P} не {подтвердил|подтвердили} отзыв', provider)}, поэтому доступ там мог остаться. ${words.removeByHand}`,
    by_hand: `Ключи доступа удалены. ${words.removeByHand}`,
  }
  return {
    tone: 'ok' as const,
    title: named('Аккаунт {ofP} отключён', provider),
    text: texts[farewell],
    ...(words.removeUrl &&
      farewell !== 'revoked' && {
        link: { href: words.removeUrl, label: named('Открыть настройки доступа {ofP}', provider) },
      }),
  }
}
