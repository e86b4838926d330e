import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import {
  addProvider,
  type Managed,
  patchProvider,
  removeProvider,
  replaceProvider,
} from '../../flows/platforms/manage-provider.ts'
import { allows, callerOf } from './caller.ts'
import { methodNotAllowed } from './problems.ts'
import { inputOf, refusal, shown } from './provider-fields.ts'

/** Administrators' own platforms, by programs: made, replaced, changed in part, removed with their connections. */
export function providersApi(ctx: Context): Router {
  const router = Router()

  router
    .route('/oauth/:provider')
    .post(allows('admin'), async (req, res) => {
      const key = keyOf(req)
      const done = await addProvider(ctx, { title: key, ...inputOf(req), key }, by(res))
      answer(ctx, res.status(201), done)
    })
    .put(allows('admin'), async (req, res) => {
      const key = keyOf(req)
      answer(ctx, res, await replaceProvider(ctx, key, { title: key, ...inputOf(req) }, by(res)))
    })
    .patch(allows('admin'), async (req, res) => {
      answer(ctx, res, await patchProvider(ctx, keyOf(req), inputOf(req), by(res)))
    })
    .delete(allows('admin'), async (req, res) => {
      await removeProvider(ctx, keyOf(req), by(res))
      res.status(204).end()
    })
    .all(methodNotAllowed('POST', 'PUT', 'PATCH', 'DELETE'))

  return router
}

const keyOf = ({ params }: Request) => String(params.provider)

const by = (res: Response) => callerOf(res).user.id

function answer({ config }: Context, res: Response, done: Managed) {
  if (!done.ok) throw refusal(done.faults)
  res.json(shown(done.platform, config.baseUrl))
}
