import type { SessionData } from 'express-session'
import type { Context } from '../../app/context.ts'

/** As it comes out of JSON: a plain object, no class's. */
const cookie = JSON.parse('{"originalMaxAge":null,"path":"/"}') as SessionData['cookie']

/** What express-session hands to its store. */
export const session = (data: Partial<SessionData> = {}): SessionData => ({ cookie, ...data })

export function get({ sessions }: Context, sid: string): Promise<SessionData | undefined> {
  return new Promise((resolve, reject) => {
    sessions.get(sid, (error, found) => {
      if (error) reject(asError(error))
      else resolve(found ?? undefined)
    })
  })
}

export const set = ({ sessions }: Context, sid: string, data: SessionData) =>
  answered((done) => {
    sessions.set(sid, data, done)
  })

export const touch = ({ sessions }: Context, sid: string, data: SessionData) =>
  answered((done) => {
    sessions.touch(sid, data, done)
  })

export const destroy = ({ sessions }: Context, sid: string) =>
  answered((done) => {
    sessions.destroy(sid, done)
  })

function answered(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error) reject(asError(error))
      else resolve()
    })
  })
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
