import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import {
  entryAt,
  progressOf,
  railOf,
  type Seat,
  stepsOf,
  tasksOf,
  tasksTitle,
} from './dashboard.ts'
import { every } from '../kit/periods.ts'
import { idOf } from '../kit/ids.ts'
import { jointName } from '../../texts/names.ts'
import { outagesFor } from './outages.ts'
import { ownPath, withReturn } from '../kit/paths.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { stateOf } from '../kit/state.ts'
import { type RailStates, railStatesOf } from '../catalogue/dashboard-rail.ts'

export function connectionsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
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
      const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, res.locals)
      return { provider, connection, state }
    })
    res.render('connections/index', {
      title: 'Подключения',
      ...routeOf(seats, rails, res),
      shop: jointName(targetsIn(seats).map(({ provider }) => provider)),
      ...attention(seats),
      others: seats.filter(isOther(seats)).map(entryAt),
      footnotes: ctx.providers.all.flatMap(({ footnote }) => footnote ?? []),
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

/** Platforms that are mostly for signing in are shown once they can be used. */
function isOther(seats: readonly Seat[]) {
  const onRoute = new Set([sourceIn(seats), ...targetsIn(seats)])
  return (seat: Seat) =>
    !onRoute.has(seat) &&
    Boolean(!seat.provider.signIn || seat.provider.configured || seat.connection)
}

const sourceIn = (seats: readonly Seat[]) => seats.find(({ provider }) => provider.source)

/** Where goods go to: those that are connected, or the first to be. */
function targetsIn(seats: readonly Seat[]): Seat[] {
  const targets = seats.filter(({ provider }) => provider.target)
  const connected = targets.filter(({ connection }) => connection)
  return connected.length > 0 ? connected : targets.slice(0, 1)
}

/** `?connect=vk&redirect_path=/sync`: a link from elsewhere that starts a connection and comes back. */
function startsConnection(ctx: Context, { query }: Request, res: Response): boolean {
  const { connect, redirect_path: wanted } = query
  if (typeof connect !== 'string') return false
  const { key } = ctx.providers.get(connect)
  res.redirect(303, withReturn(`/${key}/connect`, ownPath(wanted)))
  return true
}

function routeOf(seats: readonly Seat[], rails: RailStates, { locals }: Response) {
  const source = sourceIn(seats)
  const targets = targetsIn(seats)
  const [first] = targets
  if (!source || !first) return { route: undefined }
  const ways = targets.map((target) => {
    const state = rails(target.provider.key, target === first)
    return { state, rail: railOf(source, target, state, locals), target: entryAt(target) }
  })
  const steps = stepsOf(source, first)
  const known = ways.some(({ state }) => state.known)
  return {
    route: {
      source: entryAt(source),
      ways,
      current: [source, first].find(({ connection }) => !connection)?.provider.key,
    },
    onboarding: known ? undefined : { steps, progress: progressOf(steps) },
  }
}

function attention(seats: readonly Seat[]) {
  const tasks = tasksOf(seats)
  return { tasks, tasksTitle: tasksTitle(tasks.length) }
}
