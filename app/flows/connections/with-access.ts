import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import { type Api, createApi } from '../../providers/api.ts'
import { applyRefusalThreshold } from './refusal-threshold.ts'
import { canRefresh } from './load-tokens.ts'
import { freshAccess } from './fresh-access.ts'

/**
 * The one door to a connection's tokens. Runs `use` with fresh ones; if the platform calls them invalid all the same,
 * refreshes once and repeats once (RFC 6750 §3.1).
 * @throws ProviderError, `dead` when only reconnecting helps
 */
export async function withAccess<T>(
  ctx: Context,
  id: number,
  provider: Provider,
  use: (api: Api, access: Access) => Promise<T>,
): Promise<T> {
  try {
    return await useFresh(ctx, id, provider, use)
  } catch (error) {
    throw error instanceof ProviderError ? error.of(provider.key) : error
  }
}

async function useFresh<T>(
  ctx: Context,
  id: number,
  provider: Provider,
  use: (api: Api, access: Access) => Promise<T>,
): Promise<T> {
  const http = ctx.httpFor(provider)
  const access = await freshAccess(ctx, { id, provider })
  try {
    return await use(createApi(http, provider, access.tokens), access)
  } catch (error) {
    if (!isRejection(error)) throw error
    if (!canRefresh(provider, access.tokens))
      throw await applyRefusalThreshold(ctx, id, provider, error)
  }
  const renewed = await freshAccess(ctx, { id, provider, rejected: access.revision })
  try {
    return await use(createApi(http, provider, renewed.tokens), renewed)
  } catch (error) {
    throw await applyRefusalThreshold(ctx, id, provider, error)
  }
}

const isRejection = (error: unknown) =>
  error instanceof ProviderError && error.kind === 'dead' && error.code === 'token_revoked'
