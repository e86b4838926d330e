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
import { every } from '../kit/format.ts'
import { idOf } from '../kit/ids.ts'
import { outagesFor } from './outages.ts'
import { ownPath, withReturn } from '../kit/paths.ts'
import { requireUser, signedIn } from '../kit/session.ts'
import { stateOf } from '../kit/state.ts'
import { type RailState, railStateOf } from '../catalogue/dashboard-rail.ts'

export function connectionsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use('/connections', requireUser, forms)

  router.get('/connections', async (req, res) => {
    if (startsConnection(ctx, req, res)) return
    const user = signedIn(res)
    const { id } = user
    const [connections, glance, recoveries, outages] = await Promise.all([
      ctx.connections.list(id),
      railStateOf(ctx, id),
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
      ...pairOf(seats, glance, res),
      ...attention(seats),
      others: seats.filter(isOther).map(entryAt),
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
const isOther = ({ provider, connection }: Seat) =>
  !provider.source &&
  !provider.target &&
  Boolean(!provider.signIn || provider.configured || connection)

/** `?connect=vk&redirect_path=/sync`: a link from elsewhere that starts a connection and comes back. */
function startsConnection(ctx: Context, { query }: Request, res: Response): boolean {
  const { connect, redirect_path: wanted } = query
  if (typeof connect !== 'string') return false
  const { key } = ctx.providers.get(connect)
  res.redirect(303, withReturn(`/${key}/connect`, ownPath(wanted)))
  return true
}

function pairOf(seats: readonly Seat[], glance: RailState, res: Response) {
  const source = seats.find(({ provider }) => provider.source)
  const target = seats.find(({ provider }) => provider.target)
  if (!source || !target) return { pair: undefined }
  const steps = stepsOf(source, target)
  const current = [source, target].find(({ connection }) => !connection)
  return {
    pair: {
      source: entryAt(source),
      target: entryAt(target),
      rail: railOf(source, target, glance, res.locals),
      current: current?.provider.key,
    },
    onboarding: glance.known ? undefined : { steps, progress: progressOf(steps) },
  }
}

function attention(seats: readonly Seat[]) {
  const tasks = tasksOf(seats)
  return { tasks, tasksTitle: tasksTitle(tasks.length) }
}
