import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { liveStatus } from '../../flows/connections/live-status.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { allows, callerOf } from './caller.ts'
import { statusOf } from './status.ts'
import { API_CHECKS } from '../kit/limits.ts'
import { methodNotAllowed } from './problems.ts'

/** How a person's connections stand. */
export function connectionsApi(ctx: Context): Router {
  const router = Router()

  router
    .route('/connections')
    .get(allows('read'), async (req, res) => {
      const { user } = callerOf(res)
      const connections = new Map(
        (await ctx.connections.list(user.id)).map((one) => [one.provider, one]),
      )
      const listed = ctx.providers.all.map(async (provider) => {
        const stored = connections.get(provider.key)
        return await statusFor(ctx, req, res, provider, stored)
      })
      res.json({ connections: await Promise.all(listed) })
    })
    .all(methodNotAllowed('GET'))
  router
    .route('/connections/:key')
    .get(allows('read'), async (req, res) => {
      const { provider, connection } = await asked(ctx, req, res)
      res.json(await statusFor(ctx, req, res, provider, connection))
    })
    .all(methodNotAllowed('GET'))
  router
    .route('/onboarding')
    .get(allows('read'), async (_req, res) => {
      const { user } = callerOf(res)
      res.json(onboarding(ctx, await ctx.connections.list(user.id)))
    })
    .all(methodNotAllowed('GET'))

  return router
}

/** A connection as it is stored; with `?live=true` as the platform shows it, asked at most every five minutes. */
export async function statusFor(
  ctx: Context,
  req: Request,
  res: Response,
  provider: Provider,
  connection: Connection | undefined,
) {
  if (!connection || req.query.live !== 'true')
    return statusOf(ctx, provider, connection, res.locals)
  await countOrRefuse(ctx, API_CHECKS, String(connection.userId))
  const { connection: seen, cached } = await liveStatus(ctx, connection, provider)
  return { ...statusOf(ctx, provider, seen, res.locals), source: cached ? 'cache' : 'live' }
}

/**
 * The platform of the address, and the caller's connection to it.
 * @throws NotFound when there is no such platform
 */
export async function asked(ctx: Context, { params }: Request, res: Response) {
  const provider = ctx.providers.get(String(params.key))
  const connection = await ctx.connections.find(callerOf(res).user.id, provider.key)
  return { provider, connection }
}

/** Plan 002's check: whoever is new here has to connect one platform at least. */
function onboarding({ providers }: Context, connections: readonly Connection[]) {
  const connected = connections.flatMap(({ provider: key, account, isOnline }) => {
    const provider = providers.find(key)
    if (!provider) return []
    const details = account.name ?? null
    return [{ platform: key, display_name: provider.title, details, is_online: isOnline }]
  })
  return { valid: connected.length > 0, connected_platforms: connected }
}
