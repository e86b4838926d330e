import type { SessionData } from 'express-session'

declare module 'express-session' {
  /** What a session holds; never a platform's token. Present together: who signed in, when (ms), with what browser. */
  interface SessionData {
    /** It came from the table: saving updates its row, and never brings back one that was ended meanwhile. */
    kept?: boolean
    userId?: number
    signedInAt?: number
    userAgent?: string
    /** When the person last proved again who they are, ms. */
    confirmedAt?: number
    /** What csurf makes its tokens of; stored only where an earlier version has done so. */
    csrfSecret?: string
    flash?: Flash
    failure?: Failure
    draft?: Draft
  }
}

/** Said once, on the next page. */
export interface Flash {
  tone: 'ok' | 'info' | 'warn' | 'bad'
  title: string
  text?: string
  /** Where the person can do the rest; an address of ours or a platform's. */
  link?: { href: string; label: string }
  /** What to do next, at an address of ours. */
  next?: { href: string; label: string }
}

/** A form on its way to being drawn anew: what was typed, and the page it is for. */
export interface Draft {
  at: string
  fields: Readonly<Record<string, string>>
}

/** Which request a platform's page should name for support; `at` in ms. */
export interface Failure {
  provider: string
  code: string
  requestId: string
  at: number
}

/** Whether there is more to a session than what follows from its id. */
export const holdsSomething = (session: SessionData): boolean =>
  Object.keys(session).some((name) => name !== 'cookie' && name !== 'csrfSecret')

/** A row whose JSON is broken counts as no session. */
export function parseSession(data: string): SessionData | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null ? (value as SessionData) : undefined
  } catch {
    return undefined
  }
}
