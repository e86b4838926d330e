import type { Context } from '../../context.ts'
import type { StandingChange } from '../../store/standing.ts'
import type { User } from '../../store/users.ts'
import type { Role } from '../../store/vocabulary.ts'

/** What administrators do to people; each act is in the journal, in the unit that does it. `by`: who it is. */
export async function changeRole(
  ctx: Context,
  { id }: User,
  role: Role,
  by: User,
): Promise<StandingChange> {
  return await noted(ctx, 'role_changed', { id, by, details: { role } }, (unit) =>
    unit.standing.setRole(id, role, by.id),
  )
}

/**
 * Keeps a person out from now on: sessions end, programs are refused, checks, runs and webhooks rest until
 * {@link unblock}. `reason`: what they read when they try to come in.
 */
export async function block(
  ctx: Context,
  { id }: User,
  reason: string | undefined,
  by: User,
): Promise<StandingChange> {
  return await noted(ctx, 'blocked', { id, by }, async (unit) => {
    const change = await unit.standing.block(id, reason, by.id)
    if (change === 'changed') await unit.openSessions.endAll(id)
    return change
  })
}

/** Everything goes on where it rested. */
export async function unblock(ctx: Context, { id }: User, by: User): Promise<StandingChange> {
  return await noted(ctx, 'unblocked', { id, by }, (unit) => unit.standing.unblock(id, by.id))
}

/** Ends sessions, tokens of programs and links to a new password, but the session that asks. Gives the number of tokens. */
export async function signOutEverywhere(
  ctx: Context,
  { id }: User,
  by: User,
  exceptSid?: string,
): Promise<number> {
  const programs = await ctx.inOne(async (unit) => {
    await unit.openSessions.endAll(id, exceptSid)
    await unit.resets.forgetAll(id)
    await unit.events.add({ event: 'signed_out_everywhere', userId: id, details: { by: by.id } })
    return await unit.apiTokens.removeAll(id)
  })
  ctx.log.info('signed_out_everywhere', { user: id, by: by.id })
  return programs
}

interface Act {
  /** Whose account it is about. */
  id: number
  by: User
  details?: Readonly<Record<string, string>>
}

async function noted(
  ctx: Context,
  event: 'role_changed' | 'blocked' | 'unblocked',
  { id, by, details }: Act,
  act: (unit: Context) => Promise<StandingChange>,
): Promise<StandingChange> {
  return await ctx.inOne(async (unit) => {
    const change = await act(unit)
    if (change !== 'changed') return change
    await unit.events.add({ event, userId: id, details: { ...details, by: by.id } })
    unit.afterCommit(() => {
      ctx.log.info(event, { user: id, by: by.id, ...details })
    })
    return change
  })
}
