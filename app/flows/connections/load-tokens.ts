import type { Access, Context } from '../../context.ts'
import { ProviderError, VaultError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'

/** A row and its opened tokens, as they were read together. */
export interface Loaded {
  connection: Connection
  tokens: Tokens
}

/** A connection, its platform, and the revision whose access token the platform has just rejected, if any. */
export interface Wanted {
  id: number
  provider: Provider
  rejected?: number
}

/** @throws ProviderError `dead` when the row is gone or its tokens do not open */
export async function load(ctx: Context, id: number): Promise<Loaded> {
  try {
    const found = await ctx.connections.findTokens(id)
    if (found) return found
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    ctx.log.warn('tokens_unreadable', { connection: id })
    throw new ProviderError('tokens do not open', { code: 'token_unreadable', kind: 'dead' })
  }
  throw new ProviderError('connection is gone', { code: 'disconnected', kind: 'dead' })
}

/** What a loaded row gives a caller. */
export const accessOf = ({ tokens, connection }: Loaded): Access => ({
  tokens,
  revision: connection.revision,
})

/** The access is due for renewal, or the platform has just rejected it. */
export function needsRefresh(
  { provider, rejected }: Wanted,
  { connection, tokens }: Loaded,
): boolean {
  if (!canRefresh(provider, tokens)) return false
  const { refreshDueAt, revision } = connection
  return (
    rejected === revision || (refreshDueAt !== undefined && refreshDueAt.getTime() <= Date.now())
  )
}

/** The old access may be used on: it has not ended and nobody has rejected it. */
export function isUsable({ rejected }: Wanted, { connection, tokens }: Loaded): boolean {
  const ended = tokens.expiresAt !== undefined && tokens.expiresAt.getTime() <= Date.now()
  return !ended && rejected !== connection.revision
}

/** There is something to refresh with, and a platform that knows how. */
export const canRefresh = (provider: Provider, { refreshToken }: Tokens) =>
  provider.auth.refresh !== undefined && refreshToken !== undefined
