import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { checkConnection } from '../../flows/connections/check-health.ts'
import { disconnect } from '../../flows/connections/disconnect.ts'
import { endTroubles } from '../../flows/notices/end-troubles.ts'
import type { Cause } from '../../flows/notices/failure-reason.ts'
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
import { farewellFlash, renewedFlash, uncheckedFlash } from './provider-flashes.ts'

/** The routes every platform has; which one is asked for is in `res.locals.provider`. */
export function providerRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const starts = limitedByUser(ctx, STARTS)
  const checks = limitedByUser(ctx, CHECKS)

  router.param('key', (_req, res, next, key: string) => {
    res.locals.provider = ctx.providers.get(key)
    next()
  })

  router.get('/:key/connect', requireUser, knowingly(ctx), sendAway(ctx))
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
