import type { Context } from '../../../context.ts'
import type { Provider } from '../../../providers/provider.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Halt } from '../../../store/sync-runs.ts'
import { RunEnd } from './run-errors.ts'
import { missingEndpoints } from '../endpoints.ts'

/** Ends of the way that are not connected: only what is missing is named. */
export function notReady([first, ...others]: readonly Provider[]): Halt {
  const known = { code: 'not_ready', ...(first && { platform: first.key }) }
  if (!first || others.length === 0) return known
  return { ...known, values: { p: [first, ...others].map(({ title }) => title).join(' и ') } }
}

/** The same as the end of a run. */
export async function unready(ctx: Context, link: Link): Promise<RunEnd> {
  const { code, values, platform } = notReady(await missingEndpoints(ctx, link))
  return new RunEnd('failed', code, values, platform)
}
