import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import type { ReadyEnd } from '../../flows/catalogue/sync-choices.ts'
import {
  type BothEndpoints,
  type Endpoint,
  endpointsOf,
  type NamedPair,
} from '../../flows/catalogue/endpoints.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Link } from '../../store/sync-links.ts'
import { typed } from '../kit/forms.ts'
import { signedIn } from '../kit/signed-in.ts'
import { linkOf } from './pair.ts'

/** The platforms at both ends of a pair, or of one to be made. @throws NotFound where EvoSync runs without them */
export async function bothEndpoints(
  ctx: Context,
  res: Response,
  named?: NamedPair,
): Promise<BothEndpoints> {
  const { source, target } = await endpointsOf(ctx, signedIn(res).id, named)
  if (!source || !target) throw new NotFound('no till or no shop')
  return { source, target }
}

export const isReady = <P extends Provider>(end: Endpoint<P>): end is ReadyEnd<P> =>
  end.connection !== undefined

/** The link of a form: its field `link`, where `new` is one that is not there yet. */
export async function postedLink(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<Link | undefined> {
  const { link } = typed(req.body, ['link'])
  return link === 'new' ? undefined : await linkOf(ctx, res, link)
}
