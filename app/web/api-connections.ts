import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Access, Context } from '../context.ts'
import { ProviderError } from '../errors.ts'
import { withAccess } from '../flows/access.ts'
import { countOrRefuse } from '../flows/limit.ts'
import { liveStatus } from '../flows/live-status.ts'
import { isRenewable, renew } from '../flows/renew.ts'
import type { Provider } from '../providers/provider.ts'
import type { Connection } from '../store/connection-rows.ts'
import { allows, callerOf } from './api-caller.ts'
import { connectUrl, statusOf } from './api-status.ts'
import { API_CHECKS, API_RENEWALS } from './limits.ts'
import { methodNotAllowed, Problem } from './problems.ts'

/** How a person's connections stand, their tokens, and renewing them. */
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
    .route('/connections/:key/token')
    .get(allows('tokens'), async (req, res) => {
      const { provider, connection } = await connected(ctx, req, res)
      const access = await reconnectable(ctx, req, provider, () =>
        withAccess(ctx, connection.id, provider, (_api, fresh) => Promise.resolve(fresh)),
      )
      res.json(tokenBody(access, connection))
    })
    .all(methodNotAllowed('GET'))
  router
    .route('/connections/:key/refresh')
    .post(allows('tokens'), limitRenewals(ctx), async (req, res) => {
      const { provider, connection } = await connected(ctx, req, res)
      if (!isRenewable(connection, provider)) throw notRenewable(provider)
      await reconnectable(ctx, req, provider, () => renew(ctx, connection, provider))
      res.json(
        await statusFor(ctx, req, res, provider, await ctx.connections.findById(connection.id)),
      )
    })
    .all(methodNotAllowed('POST'))
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
async function statusFor(
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

/** @throws NotFound when there is no such platform */
async function asked(ctx: Context, { params }: Request, res: Response) {
  const provider = ctx.providers.get(String(params.key))
  const connection = await ctx.connections.find(callerOf(res).user.id, provider.key)
  return { provider, connection }
}

async function connected(ctx: Context, req: Request, res: Response) {
  const { provider, connection } = await asked(ctx, req, res)
  if (!connection) throw mustConnect(ctx, req, provider, 'not_connected')
  return { provider, connection }
}

/** A dead grant is mended by a person, so the answer says where. */
async function reconnectable(
  ctx: Context,
  req: Request,
  provider: Provider,
  get: () => Promise<Access>,
): Promise<Access> {
  try {
    return await get()
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'dead')
      throw mustConnect(ctx, req, provider, error.code)
    throw error
  }
}

function mustConnect(
  ctx: Context,
  { query }: Request,
  { key, title }: Provider,
  code: string,
): Problem {
  return new Problem({
    status: 409,
    code,
    title: code === 'not_connected' ? `${title} не подключён` : `${title} больше не даёт доступ`,
    detail: 'Откройте connect_url в браузере: владелец подтвердит доступ и вернётся.',
    more: { connect_url: connectUrl(ctx.config, key, query.redirect_path) },
  })
}

const notRenewable = ({ title }: Provider): Problem =>
  new Problem({
    status: 409,
    code: 'not_renewable',
    title: `${title} не выдаёт доступа, который можно продлить`,
  })

function tokenBody({ tokens }: Access, { scope, account }: Connection) {
  const { accessToken, expiresAt } = tokens
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_at: expiresAt?.toISOString() ?? null,
    scope: (tokens.scope ?? scope)?.join(' ') ?? null,
    account_id: account.id ?? null,
  }
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

const limitRenewals =
  (ctx: Context): RequestHandler =>
  async (_req, res, next) => {
    await countOrRefuse(ctx, API_RENEWALS, String(callerOf(res).user.id))
    next()
  }
