import { type Request, Router } from 'express'
import type { Context } from '../../context.ts'
import { manifestOf } from './look/manifest.ts'
import { namedEnds } from './named-ends.ts'

/** The front door and the pages that only say something. */
export function pagesRouter(ctx: Context): Router {
  const router = Router()

  router.get('/', (_req, res) => {
    res.redirect(303, res.locals.user ? '/connections' : '/login')
  })
  router.get('/help', async (_req, res) => {
    res.render('pages/help', { title: 'Помощь', ...(await namedEnds(ctx, res.locals.user)) })
  })
  router.get('/privacy', (_req, res) => {
    res.render('pages/privacy', { title: 'Обработка персональных данных' })
  })
  router.get('/robots.txt', (_req, res) => {
    res.type('text/plain').send('User-agent: *\nDisallow: /\n')
  })

  // W3C, A Well-Known URL for Changing Passwords: where a password manager sends a person.
  router.get('/.well-known/change-password', (_req, res) => {
    res.redirect(303, '/account#pw')
  })
  router.get('/manifest.webmanifest', (req, res) => {
    res.type('application/manifest+json').json(manifestOf(assetIn(req)))
  })
  // Who asks for it has not read the page, which names the logo.
  router.get('/favicon.ico', (req, res) => {
    res.redirect(302, assetIn(req)('logo.svg'))
  })

  return router
}

const assetIn = ({ app }: Request) => app.locals.asset as (name: string) => string
