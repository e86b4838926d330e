import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import type { Reason } from '../../../catalogue/items.ts'
import type { Link } from '../../../store/sync-links.ts'
import { causeOf } from '../../notices/failure-reason.ts'
import { missingEndpoints } from '../endpoints.ts'
import { preview } from '../preview.ts'
import { notReady } from '../runs/not-ready.ts'
import { startRun } from '../runs/start-run.ts'

/** What a reading came to, of one pair. */
export interface Reading {
  link: Link
  /** Why there is none. */
  trouble?: Reason & { platform?: string | undefined }
  /** A run is under way, and reads as well. */
  run?: number
}

/** Reads the till and the windows of these pairs once; nothing is sent. */
export async function readNow(
  ctx: Context,
  links: readonly Link[],
  by: string,
): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const link of links) readings.push({ link, ...(await read(ctx, link, by)) })
  return readings
}

async function read(ctx: Context, link: Link, by: string): Promise<Omit<Reading, 'link'>> {
  const running = await ctx.syncRuns.active(link.id)
  if (running) return { run: running.id }
  const missing = await missingEndpoints(ctx, link)
  if (missing.length > 0) return { trouble: notReady(missing) }
  if (link.target === undefined) {
    const run = await startRun(ctx, link, { confirmed: false, by })
    return run === undefined ? {} : { run }
  }
  try {
    await preview(ctx, link)
    return {}
  } catch (error) {
    if (error instanceof ProviderError) return { trouble: causeOf(error) }
    throw error
  }
}
