import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { checkConnection } from './check-health.ts'

/**
 * Checks of one platform under way at once: 1,000 connections at a platform that answers in 100 ms take some two
 * seconds, and no platform sees more than this from us.
 */
export const CONCURRENCY = 50
const CLAIMED_AT_ONCE = 25
/** Longer than a check with a refresh takes; when its owner dies, another instance takes over after this. */
const LEASE_MS = 90_000
const LOOK_AGAIN_MS = 100
const A_SECOND_MS = 1000
const REST_AFTER_BUG_MS = 5 * 60_000
/** Answers that all come back at once would be written all at once, and hold up the pages. */
const STAGGER_MS = 12

export async function drain(
  ctx: Context,
  provider: Provider,
  since: Date,
  signal: AbortSignal,
): Promise<number> {
  const take = takerOf(ctx, provider, since)
  const http = ctx.httpFor(provider)
  let count = 0

  async function work(worker: number) {
    for (let turn = 0; turn < worker && !take.empty(); turn += 1) await pause(STAGGER_MS)
    while (!signal.aborted) {
      // While the breaker is not closed, one at a time: it lets one probe pass, the others would only be refused.
      while (worker > 0 && http.breaker.name !== 'closed' && !take.empty())
        await pause(LOOK_AGAIN_MS)
      const claimed = await take.next()
      if (!claimed) return
      await checkSafely(ctx, claimed, provider)
      count += 1
    }
  }

  await Promise.all(Array.from({ length: CONCURRENCY }, (_, worker) => work(worker)))
  return count
}

interface Claimed {
  connection: Connection
  claim: string
}

/** Hands out claimed connections one by one; one claim is under way at a time, whoever asks. */
function takerOf(ctx: Context, provider: Provider, since: Date) {
  let ready: Claimed[] = []
  let claiming: Promise<void> | undefined
  let exhausted = false

  async function claim() {
    const name = ctx.claimName()
    const claimed = await ctx.checks.claim(provider.key, since, CLAIMED_AT_ONCE, name, LEASE_MS)
    ready = claimed.map((connection) => ({ connection, claim: name }))
    exhausted = claimed.length < CLAIMED_AT_ONCE
  }

  return {
    empty: () => exhausted && ready.length === 0,
    async next(): Promise<Claimed | undefined> {
      while (ready.length === 0 && !exhausted) {
        claiming ??= claim().finally(() => (claiming = undefined))
        await claiming
      }
      return ready.pop()
    },
  }
}

/** A check that breaks for reasons of ours stops no other, and is put off so that it does not come up at once. */
async function checkSafely(ctx: Context, { connection, claim }: Claimed, provider: Provider) {
  try {
    await checkConnection(ctx, connection, provider, claim)
  } catch (error) {
    ctx.log.error('check_failed', { connection: connection.id, provider: provider.key, error })
    await ctx.checks.putOff(connection.id, claim, new Date(Date.now() + REST_AFTER_BUG_MS))
  }
}

/** Others usually finish long before their lease ends, so we look again every second. */
export async function waitFor(leaseEnd: Date, signal: AbortSignal) {
  const left = Math.max(0, leaseEnd.getTime() - Date.now())
  await pause(Math.min(left, A_SECOND_MS) + LOOK_AGAIN_MS, undefined, { signal }).catch(ignore)
}

const ignore = () => undefined
