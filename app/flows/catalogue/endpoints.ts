import type { Context } from '../../context.ts'
import type { Caller, CatalogueSource, CatalogueTarget } from '../../providers/catalogue.ts'
import type { Provider, SourcePlatform, TargetPlatform } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import type { Link } from '../../store/sync-links.ts'
import { useConnection } from '../connections/use-connection.ts'

/** One end of the goods' way, and the person's connection to it if there is one. */
export interface Endpoint<P extends Provider = Provider> {
  provider: P
  connection: Connection | undefined
}

/** Where goods come from, connected. */
export interface SourceEndpoint {
  source: CatalogueSource
  fromTill: Caller
}

/** Both ends, connected and able to carry goods. */
export interface Endpoints extends SourceEndpoint {
  target: CatalogueTarget
  toShop: Caller
}

/** The platforms goods come from and go to. */
export interface BothEndpoints {
  source: Endpoint<SourcePlatform>
  target: Endpoint<TargetPlatform>
}

/** Which platforms a pair names; what is left out is the first that is connected, else the first there is. */
export type NamedPair = Partial<Pick<Link, 'source' | 'target'>>

/** The platforms goods come from and go to; undefined where there is none. */
export async function endpointsOf(
  ctx: Context,
  userId: number,
  pair: NamedPair = {},
): Promise<Partial<BothEndpoints>> {
  return endpointsAmong(ctx, await ctx.connections.list(userId), pair)
}

/** The same among connections that have been read already. */
export function endpointsAmong(
  ctx: Context,
  connections: readonly Connection[],
  { source, target }: NamedPair = {},
): Partial<BothEndpoints> {
  const endOf = <P extends Provider>(provider: P): Endpoint<P> => ({
    provider,
    connection: connections.find((connection) => connection.provider === provider.key),
  })
  const isConnected = ({ key }: Provider) => connections.some(({ provider }) => provider === key)
  const from = ctx.providers.source(source)
  const first = target === undefined ? ctx.providers.targets.find(isConnected) : undefined
  const to = first ?? ctx.providers.target(target)
  return { ...(from && { source: endOf(from) }), ...(to && { target: endOf(to) }) }
}

type Pair = Pick<Link, 'userId' | 'source' | 'target'>

/** Ends that are not connected; a pair that is only given out as a file has no other than the till. */
export async function missingEndpoints(ctx: Context, pair: Pair): Promise<Provider[]> {
  const { source, target } = await endpointsOf(ctx, pair.userId, pair)
  const wanted = pair.target === undefined ? [source] : [source, target]
  return wanted.flatMap((end) => (end && !end.connection ? [end.provider] : []))
}

/** Undefined while the till is not connected. */
export async function sourceOf(ctx: Context, pair: Pair): Promise<SourceEndpoint | undefined> {
  const { source } = await endpointsOf(ctx, pair.userId, pair)
  if (!source?.connection) return undefined
  return {
    source: source.provider.source,
    fromTill: callerOf(ctx, source.connection, source.provider),
  }
}

/** The way from till to shop; undefined while an end is not connected. */
export async function connectedEndpoints(ctx: Context, pair: Pair): Promise<Endpoints | undefined> {
  const [till, { target }] = await Promise.all([
    sourceOf(ctx, pair),
    endpointsOf(ctx, pair.userId, pair),
  ])
  if (!till || !target?.connection) return undefined
  return {
    ...till,
    target: target.provider.target,
    toShop: callerOf(ctx, target.connection, target.provider),
  }
}

/** Calls in the name of a connection, with tokens that are fresh at each of them. */
export const callerOf =
  (ctx: Context, { id }: Pick<Connection, 'id'>, provider: Provider): Caller =>
  (use) =>
    useConnection(ctx, id, provider, use)
