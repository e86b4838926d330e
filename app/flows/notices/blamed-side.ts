import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { REFUSALS_OF_SHOPS } from '../../texts/catalogue.ts'

/**
 * The platform whose failure it is: the one that was noted, or the only end that can fail so. Undefined where nobody
 * knows: then nobody is named.
 */
export function blamed(
  { providers }: Pick<Context, 'providers'>,
  { platform, code }: { platform?: string | undefined; code: string },
): Provider | undefined {
  if (platform !== undefined) return providers.find(platform)
  if (OF_TILLS.has(code)) return providers.all.find(({ source }) => source)
  if (REFUSALS_OF_SHOPS.has(code)) return providers.all.find(({ target }) => target)
  return undefined
}

const OF_TILLS = new Set([
  'store_empty',
  'no_stores',
  'store_blocked',
  'app_not_installed',
  'store_gone',
])
