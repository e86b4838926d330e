import { checkDue } from '../../app/flows/connections/check-due.ts'
import type { TestApp } from './app.ts'

/** The timetable's health check, now: every connection that was not checked since. */
export async function tick({ ctx }: Pick<TestApp, 'ctx'>): Promise<void> {
  await checkDue(ctx, new Date(), new AbortController().signal)
}

/** Every access is due for renewal, and the next tick renews it. */
export async function renew(app: Pick<TestApp, 'ctx'>): Promise<void> {
  await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
  await tick(app)
}
