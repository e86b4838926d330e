import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { toldCode } from '../../flows/notices/failure-reason.ts'
import { isRenewable, renew } from '../../flows/connections/renew.ts'
import { headline } from '../../flows/notices/trouble-words.ts'
import { useConnection } from '../../flows/connections/use-connection.ts'
import type { Provider } from '../../providers/provider.ts'
import { named } from '../../texts/names.ts'
import { allows, callerOf } from './caller.ts'
import { asked, statusFor } from './connections.ts'
import { connectUrl } from './status.ts'
import { API_RENEWALS } from '../kit/limits.ts'
import { methodNotAllowed, Problem } from './problems.ts'
import { dead, notRenewable, tokenBody, wentAway } from './token-body.ts'

/** Access tokens of a person's connections, and renewing them. */
export function accessApi(ctx: Context): Router {
  const router = Router()

  router
    .route('/connections/:key/token')
    .get(allows('tokens'), async (req, res) => {
      const { provider, connection } = await connected(ctx, req, res)
      const access = await reconnectable(ctx, req, provider, () =>
        useConnection(ctx, connection.id, provider, (_api, fresh) => Promise.resolve(fresh)),
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

  return router
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
      throw mustConnect(ctx, req, provider, wentAway(error) ? 'not_connected' : error.code)
    throw error
  }
}

function mustConnect(ctx: Context, { query }: Request, provider: Provider, code: string): Problem {
  return new Problem({
    status: 409,
    code,
    title:
      code === 'not_connected'
        ? named('{P} не {подключён|подключены}', provider)
        : headline(provider, toldCode(dead(code))),
    detail: 'Откройте connect_url в браузере: владелец подтвердит доступ и вернётся.',
    more: { connect_url: connectUrl(ctx.config, provider.key, query.redirect_path) },
  })
}

const limitRenewals =
  (ctx: Context): RequestHandler =>
  async (_req, res, next) => {
    await countOrRefuse(ctx, API_RENEWALS, String(callerOf(res).user.id))
    next()
  }
