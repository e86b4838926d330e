import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { freshAccess } from './fresh-access.ts'
import { learnFrom } from './use-connection.ts'

/**
 * Renews a connection's access now, whether it is due or not, because a person or a program asks for it. The platform
 * still sees one refresh, however many ask.
 * @throws ProviderError `temporary` while an earlier failure rests, `dead` when only reconnecting helps
 */
export async function renew(
  ctx: Context,
  { id, revision }: Connection,
  provider: Provider,
): Promise<Access> {
  try {
    return await freshAccess(ctx, { id, provider, rejected: revision })
  } catch (error) {
    await learnFrom(ctx, id, provider, error)
    throw error instanceof ProviderError ? error.of(provider.key) : error
  }
}

/** There is something to renew it with. */
export const isRenewable = ({ renewable }: Connection, { auth }: Provider): boolean =>
  renewable && auth.refresh !== undefined
