import { type Request, type RequestHandler, type Response, Router } from 'express'
import { emptySeatOf, type Seat } from './seat.ts'
import type { Context } from '../../context.ts'
import { entryAt } from './rail.ts'
import { tasksOf, tasksTitle } from './tasks.ts'
import { onceFor } from '../once-for.ts'
import { every } from '../kit/periods.ts'
import { idOf } from '../kit/ids.ts'
import { jointName } from '../../texts/names.ts'
import { outagesFor } from './outages.ts'
import { ownPath, withReturn } from '../kit/paths.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { stateOf } from '../kit/state.ts'
import { railStatesOf } from '../catalogue/dashboard-rail.ts'
import { othersIn, routeOf, targetsIn } from './dashboard-route.ts'

export function connectionsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const emptySeat = onceFor(emptySeatOf)
  const emptyEntry = onceFor(entryAt)
  router.use('/connections', requireUser, forms)

  router.get('/connections', async (req, res) => {
    if (startsConnection(ctx, req, res)) return
    const user = signedIn(res)
    const { id } = user
    const [connections, rails, recoveries, outages] = await Promise.all([
      ctx.connections.list(id),
      railStatesOf(ctx, id),
      ctx.notices.recoveries(id),
      outagesFor(ctx, user),
    ])
    const byKey = new Map(connections.map((connection) => [connection.provider, connection]))
    const seats = ctx.providers.all.map((provider): Seat => {
      const connection = byKey.get(provider.key)
      if (!connection) return emptySeat(provider)
      const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, res.locals)
      return { provider, connection, state }
    })
    const others = othersIn(seats)
    res.render('connections/index', {
      title: 'Подключения',
      ...routeOf(seats, rails, res),
      shop: jointName(targetsIn(seats).map(({ provider }) => provider)),
      ...attention(seats),
      connected: others.connected.map(entryAt),
      services: others.services.map(emptyEntry),
      accounts: others.accounts.map(emptyEntry),
      footnotes: footnotesOf(others.connected),
      idleFootnotes: footnotesOf(others.services),
      outages,
      recoveries: recoveries.map(({ id: notice, provider }) => ({
        id: notice,
        title: ctx.providers.find(provider)?.title ?? provider,
      })),
      pace: every(ctx.config.healthCheckCron) ?? 'регулярно',
    })
  })

  router.post('/connections/notices/:id/close', async (req, res) => {
    await ctx.notices.close(signedIn(res).id, idOf(req.params))
    res.redirect(303, '/connections')
  })

  return router
}

/** `?connect=vk&redirect_path=/sync`: a link from elsewhere that starts a connection and comes back. */
function startsConnection(ctx: Context, { query }: Request, res: Response): boolean {
  const { connect, redirect_path: wanted } = query
  if (typeof connect !== 'string') return false
  const { key } = ctx.providers.get(connect)
  res.redirect(303, withReturn(`/${key}/connect`, ownPath(wanted)))
  return true
}

const footnotesOf = (seats: readonly Seat[]) =>
  seats.flatMap(({ provider }) => provider.footnote ?? [])

function attention(seats: readonly Seat[]) {
  const tasks = tasksOf(seats)
  return { tasks, tasksTitle: tasksTitle(tasks.length) }
}
