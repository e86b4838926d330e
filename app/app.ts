import express, { type Express, Router } from 'express'
import type { Context } from './context.ts'
import { apiRouter } from './web/api/router.ts'
import { accountRouter } from './web/accounts/account.ts'
import { accountsRouter } from './web/accounts/router.ts'
import { adminRouter } from './web/admin/router.ts'
import { openAssets } from './web/assets/assets.ts'
import { createIcon } from './web/assets/icon.ts'
import { assetsRouter } from './web/assets/router.ts'
import { connectionsRouter } from './web/connections/connections.ts'
import { csrf, forSignedIn } from './web/kit/csrf.ts'
import { errorPages, notFound } from './web/kit/errors.ts'
import { flash } from './web/kit/flash.ts'
import { feedsRouter } from './web/catalogue/feeds.ts'
import { createFormats } from './web/kit/format.ts'
import { noStore, securityHeaders } from './web/kit/headers.ts'
import { healthRouter } from './web/kit/health.ts'
import { platformWebhooksRouter } from './web/api/platform-webhooks.ts'
import { installViews } from './web/kit/layout.ts'
import { knownPlatforms, locals, ownZone } from './web/kit/locals.ts'
import { measureRequests, metricsRouter } from './web/kit/metrics.ts'
import { packAnswers } from './web/kit/packed-answers.ts'
import { pagesRouter } from './web/kit/pages.ts'
import { goodsRouter } from './web/catalogue/goods/router.ts'
import { goodPhotosRouter } from './web/catalogue/good-photos/router.ts'
import { photosRouter } from './web/catalogue/photos.ts'
import { providerRouter } from './web/connections/provider.ts'
import { inviteRouter } from './web/accounts/invite.ts'
import { resetsRouter } from './web/accounts/resets.ts'
import { sessions } from './web/kit/session.ts'
import { themeRouter } from './web/kit/look/theme.ts'
import { whoAsks } from './web/kit/signed-in.ts'
import { failures, noPages } from './web/worker-answers.ts'
import { webhooksRouter } from './web/accounts/webhooks.ts'
import { syncRouter } from './web/catalogue/router.ts'
import { syncPreviewRouter } from './web/catalogue/preview-router.ts'
import { syncRunsRouter } from './web/catalogue/runs/router.ts'
import { signInRouter } from './web/accounts/sign-in-with.ts'

const LARGEST_FORM = '64kb'

/** The web application this instance is. Never listens. */
export const createApp = (ctx: Context): Express =>
  ctx.config.role === 'worker' ? createWorker(ctx) : createPages(ctx)

/** What is asked about the process, and nothing else. */
function createWorker(ctx: Context): Express {
  const app = bare(ctx)
  app.use(measureRequests(ctx), securityHeaders(ctx.config))
  app.use(healthRouter(ctx))
  if (ctx.config.metricsToken) app.use(metricsRouter(ctx, ctx.version))
  app.use(noPages)
  app.use(failures(ctx))
  return app
}

function bare({ config }: Context): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag') // pages are never kept, and hashing each of them is not free; files have theirs
  app.set('query parser', 'simple')
  app.set('trust proxy', config.trustProxy ?? false)
  return app
}

/** Everything people and programs see, in the order a request meets it. */
function createPages(ctx: Context): Express {
  const app = bare(ctx)
  const formats = createFormats()
  const assets = openAssets(ctx.providers.all)
  const { config, version } = ctx
  const protect = csrf(config)
  const forms = Router().use(protect, flash)

  installViews(app)
  Object.assign(app.locals, { asset: assets.href, icon: createIcon(assets) })

  app.use(measureRequests(ctx), securityHeaders(config), locals(config, formats, version))
  app.use(healthRouter(ctx))
  app.use(platformWebhooksRouter(ctx))
  app.use('/assets', assetsRouter(assets))
  app.use(packAnswers)
  app.use(metricsRouter(ctx, version))
  app.use(themeRouter(config))
  app.use(feedsRouter(ctx))

  app.use(noStore, sessions(ctx), whoAsks(ctx), ownZone(formats), knownPlatforms(ctx))
  app.use(apiRouter(ctx, protect))
  app.use(express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: 100 }))
  app.use(forSignedIn(protect))
  app.use(connectionsRouter(ctx, forms))
  app.use(syncRouter(ctx, forms))
  app.use(goodsRouter(ctx, forms))
  app.use(syncPreviewRouter(ctx, forms))
  app.use(syncRunsRouter(ctx, forms))
  app.use(pagesRouter(ctx))
  app.use(photosRouter(ctx))
  app.use(goodPhotosRouter(ctx, forms))
  app.use(accountsRouter(ctx, forms))
  app.use(signInRouter(ctx, forms))
  app.use(resetsRouter(ctx, forms))
  app.use(inviteRouter(ctx, forms))
  app.use(webhooksRouter(ctx, forms))
  app.use(accountRouter(ctx, forms))
  app.use(adminRouter(ctx, forms))
  app.use(providerRouter(ctx, forms))

  app.use(notFound)
  app.use(errorPages(ctx))
  return app
}
