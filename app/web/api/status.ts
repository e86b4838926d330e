import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import type { Format } from '../kit/format.ts'
import { ownPath } from '../kit/paths.ts'
import { stateOf } from '../kit/state.ts'

/**
 * How one platform stands for one person: the words of the connection plan (docs/platforms/vk.md#the-connection-plan),
 * and what a program needs beside them.
 */
export function statusOf(
  ctx: Context,
  provider: Provider,
  connection: Connection | undefined,
  locals: { format: Format; now: Date },
) {
  const { key, title, configured } = provider
  const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, locals)
  return {
    key,
    title,
    configured,
    connected: connection !== undefined,
    is_online: connection?.isOnline ?? false,
    state: state.name,
    error_code: state.code ?? null,
    account: connection
      ? { id: connection.account.id ?? null, name: connection.account.name ?? null }
      : null,
    scope: connection?.scope ?? null,
    connected_at: textOf(connection?.connectedAt),
    last_checked_at: textOf(connection?.lastCheckedAt),
    expires_at: textOf(connection?.expiresAt),
    renewable: connection?.renewable ?? false,
    connect_url: connectUrl(ctx.config, key),
    source: 'stored',
  }
}

/** Where a person goes to connect, and where they come back to: own paths only. */
export function connectUrl(
  { baseUrl }: Context['config'],
  key: string,
  redirectPath?: unknown,
): string {
  const url = new URL('/connections', baseUrl)
  url.searchParams.set('connect', key)
  url.searchParams.set('redirect_path', ownPath(redirectPath) ?? '/connections')
  return url.href
}

const textOf = (date: Date | undefined) => date?.toISOString() ?? null
