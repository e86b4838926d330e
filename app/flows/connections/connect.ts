import { setTimeout as pause } from 'node:timers/promises'
import { msSince } from '../../clock.ts'
import type { Context } from '../../context.ts'
import { CONNECT_FAILURES, ConnectFailed, type ConnectFailure } from '../../errors.ts'
import { randomText } from '../../oauth/pkce.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Attempt } from '../../store/attempts.ts'
import { failureOf, refuseErrors, single } from './connect-failures.ts'
import { keepConnection } from './keep-connection.ts'
import { measureConnect } from './measure-connect.ts'
import { wordIn } from '../../store/vocabulary.ts'

/** The person and the browser a connection is begun in; both have to be the same when it is finished. */
export interface Visitor {
  userId: number
  sessionId: string
}

/** How it ended: `connected`, or a code for `/<key>?error=`, with some of which the connection stands all the same. */
export interface Ending {
  outcome: 'connected' | ConnectFailure
  returnTo: string | undefined
}

/** Token, name and rights may take 15 s each; a first hit that takes longer has died with its process. */
const FIRST_HIT_MAX_MS = 50_000

/**
 * Opens an attempt and gives the platform's address to send the person to.
 * @throws ConnectFailed `not_configured`
 */
export async function beginConnect(
  ctx: Context,
  { userId, sessionId }: Visitor,
  provider: Provider,
  returnTo?: string,
): Promise<URL> {
  if (provider.disabled) throw new ConnectFailed('provider_disabled')
  if (!provider.configured) throw new ConnectFailed('not_configured')
  const state = randomText()
  const { url, verifier } = provider.auth.begin({ redirectUri: provider.redirectUri, state })
  const origin = { state, sessionId, userId, provider: provider.key }
  await ctx.attempts.open(origin, { verifier, returnTo })
  return url
}

/**
 * Finishes what {@link beginConnect} began. Of two hits on the callback one redeems the code; the other waits for the
 * same ending and asks the platform nothing. Before the state is known to be ours, nobody is called. The connection and
 * the attempt's ending are one unit.
 */
export async function completeConnect(
  ctx: Context,
  { userId, sessionId }: Visitor,
  provider: Provider,
  callback: URLSearchParams,
): Promise<Ending> {
  const measured = measureConnect(ctx, provider)
  const state = single(callback, 'state')
  if (!state) return { outcome: measured('invalid_state'), returnTo: undefined }
  const origin = { state, sessionId, userId, provider: provider.key }
  const attempt = await ctx.attempts.take(origin)
  if (!attempt) return await endingOfFirstHit(ctx, origin)

  const outcome = measured(await redeem(ctx, attempt, state, provider, callback))
  return { outcome, returnTo: attempt.returnTo }
}

async function redeem(
  ctx: Context,
  attempt: Attempt,
  state: string,
  provider: Provider,
  callback: URLSearchParams,
): Promise<Ending['outcome']> {
  try {
    refuseErrors(callback, provider.auth.proof)
    const { redirectUri } = provider
    const verifier = attempt.verifier && { verifier: attempt.verifier }
    const arrival = { redirectUri, state, callback, ...verifier }
    const tokens = await provider.auth.complete(ctx.httpFor(provider), arrival)
    const details = provider.audit?.(callback)
    return await keepConnection(ctx, attempt.userId, provider, tokens, {
      details,
      also: (unit, outcome) => unit.attempts.finish(attempt.id, outcome),
    })
  } catch (error) {
    const code = failureOf(error)
    await ctx.attempts.finish(attempt.id, code)
    ctx.log.warn('connect_failed', {
      provider: provider.key,
      user: attempt.userId,
      reason: code,
      ...(!(error instanceof ConnectFailed) && { error }),
    })
    return code
  }
}

async function endingOfFirstHit(
  ctx: Context,
  origin: Parameters<Context['attempts']['findTaken']>[0],
): Promise<Ending> {
  const giveUp = performance.now() + FIRST_HIT_MAX_MS
  for (;;) {
    const taken = await ctx.attempts.findTaken(origin)
    if (taken?.outcome) return { outcome: knownOutcome(taken.outcome), returnTo: taken.returnTo }
    const late = !taken || msSince(taken.takenAt) > FIRST_HIT_MAX_MS || performance.now() > giveUp
    if (late) return { outcome: 'invalid_state', returnTo: undefined }
    await pause(100)
  }
}

/** One a newer version has written before it was taken back is not believed: the page tells how things stand. */
const knownOutcome = (text: string): Ending['outcome'] =>
  wordIn(['connected', ...CONNECT_FAILURES], text) ?? 'invalid_state'
