import type { Response } from 'express'
import type { Context } from '../../context.ts'
import type { Instance } from '../../store/instances.ts'

/** Who shares the database, and what nobody does. */
export async function instancesOf(ctx: Context, { locals: { format, now } }: Response) {
  const alive = await ctx.instances.alive()
  const isThere = (role: string) => alive.some((one) => one.role === role || one.role === 'all')
  return {
    list: alive.map(({ id, role, host, version, startedAt }: Instance) => ({
      own: id === ctx.instance,
      role: ROLES[role] ?? role,
      host,
      version,
      since: format.dayTime(startedAt, now),
    })),
    noWorker: ctx.config.role === 'web' && !isThere('worker'),
  }
}

/** What each does; one that a newer version has keeps its name. */
const ROLES: Record<string, string> = {
  all: 'страницы и фоновая работа',
  web: 'только страницы и API',
  worker: 'только фоновая работа',
}
