import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Link } from '../../store/sync-links.ts'
import { ABOUT_CARDS, REFUSALS_OF_SHOPS } from '../../texts/catalogue.ts'

/**
 * The platform whose failure it is: the one that was noted, or the end of the pair that alone can fail so. Undefined where nobody
 * knows: then nobody is named.
 */
export function blamed(
  { providers }: Pick<Context, 'providers'>,
  { platform, code }: Failure,
  { source, target }: Ends = {},
): Provider | undefined {
  if (platform !== undefined) return providers.find(platform)
  if (OF_TILLS.has(code)) return providers.source(source)
  if (REFUSALS_OF_SHOPS.has(code)) return providers.target(target)
  return undefined
}

/** The platform that the words for a failure name: whose it is, or the one whose cards they tell of. */
export const toldOf = (
  ctx: Pick<Context, 'providers'>,
  failure: Failure,
  ends: Ends = {},
): Provider | undefined =>
  ABOUT_CARDS.has(failure.code) ? ctx.providers.target(ends.target) : blamed(ctx, failure, ends)

interface Failure {
  /** The key that was noted. */
  platform?: string | undefined
  code: string
}

type Ends = Partial<Pick<Link, 'source' | 'target'>>

const OF_TILLS = new Set([
  'store_empty',
  'no_stores',
  'store_blocked',
  'app_not_installed',
  'store_gone',
])
