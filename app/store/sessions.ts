import { type SessionData, Store } from 'express-session'
import { msSince } from '../clock.ts'
import { type Db, toDate } from './db.ts'
import { relaxed } from './durability.ts'
import { hashOf } from './hash.ts'
import type { Reader } from './reader.ts'
import { holdsSomething, parseSession } from './session-data.ts'
import { isStranger } from './strangers.ts'
import { deleteInSlices } from './slices.ts'
import type { Read, SessionRow } from './tables.ts'

const DAY_MS = 24 * 3600_000
/** Signed out after two weeks without a visit, and thirty days after signing in whatever happens. */
export const IDLE_MS = 14 * DAY_MS
export const ABSOLUTE_MS = 30 * DAY_MS
const STRANGER_MS = DAY_MS / 12
/** An ordinary visit writes nothing; the last activity is right to within an hour. */
const TOUCH_MS = 3600_000
const REMEMBERED = 5_000

type Row = Pick<Read<SessionRow>, 'data' | 'seen_at' | 'expires_at'>

type Done = (error?: unknown) => void

/**
 * express-session's store over our database: one row a session, the sid hashed. Errors go to the callback, exactly
 * once; nothing is thrown. A session that was ended while a request ran is not brought back by that request. What is
 * said once and the last visit may be lost in a power cut; sessions begin in units that are not, and ends are not.
 */
export class SessionStore extends Store {
  readonly #db: Db
  readonly #read: (sidHash: string) => Promise<Row | undefined>
  /** Sessions this process has seen in the database, and when their activity was last written. */
  readonly #seen = new Map<string, number>()

  constructor(db: Db, reader: Reader) {
    super()
    this.#db = db
    this.#read = reader.first('select data, expires_at, seen_at from sessions where sid_hash = ?')
  }

  override get(sid: string, done: (error: unknown, session?: SessionData | null) => void): void {
    this.#load(sid).then(
      (session) => {
        done(null, session)
      },
      (error: unknown) => {
        done(error)
      },
    )
  }

  override set(sid: string, session: SessionData, done: Done = ignore): void {
    this.#save(sid, session).then(() => {
      done()
    }, done)
  }

  override touch(sid: string, session: SessionData, done: Done = ignore): void {
    const last = this.#seen.get(sid) ?? 0
    if (msSince(new Date(last)) < TOUCH_MS) done()
    else
      this.#touch(sid, session).then(() => {
        done()
      }, done)
  }

  override destroy(sid: string, done: Done = ignore): void {
    this.#row(sid)
      .delete()
      .then(() => {
        done()
      }, done)
  }

  /** A new session in place of another: neither both nor none of them is there afterwards, given one transaction. */
  async replace(before: string, sid: string, session: SessionData): Promise<void> {
    await this.#row(before).delete()
    await this.#save(sid, session)
  }

  async sweep(): Promise<void> {
    await deleteInSlices(this.#db, 'sessions', (q) =>
      q.where('expires_at', '<=', Date.now()).orderBy('expires_at'),
    )
  }

  async #load(sid: string): Promise<SessionData | null> {
    const row = await this.#read(hashOf(sid))
    if (!row || Number(row.expires_at) <= Date.now()) return null
    this.#remember(sid, toDate(row.seen_at).getTime())
    const session = parseSession(row.data)
    return session ? { ...session, kept: true } : null
  }

  async #save(sid: string, session: SessionData): Promise<void> {
    if (isStranger(sid) && !holdsSomething(session)) return
    const now = new Date()
    const row = {
      user_id: session.userId ?? null,
      data: JSON.stringify(session),
      seen_at: now,
      expires_at: expiryOf(session, now.getTime()),
    }
    if (session.kept || this.#seen.has(sid)) {
      await relaxed(this.#row(sid).update(row))
    } else {
      await relaxed(
        this.#db('sessions')
          .insert({ sid_hash: hashOf(sid), created_at: now, ...row })
          .onConflict('sid_hash')
          .merge(['user_id', 'data', 'seen_at', 'expires_at']),
      )
    }
    this.#remember(sid, now.getTime())
  }

  async #touch(sid: string, session: SessionData): Promise<void> {
    const now = new Date()
    const row = { seen_at: now, expires_at: expiryOf(session, now.getTime()) }
    await relaxed(this.#row(sid).update(row))
    this.#remember(sid, now.getTime())
  }

  #row(sid: string) {
    return this.#db('sessions').where({ sid_hash: hashOf(sid) })
  }

  #remember(sid: string, seenAt: number) {
    this.#seen.delete(sid)
    this.#seen.set(sid, seenAt)
    const oldest = this.#seen.keys().next().value
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest)
  }
}

/** A session nobody has signed in to holds what is to be said on the next page, and no more. */
function expiryOf({ signedInAt }: SessionData, now: number): number {
  if (signedInAt === undefined) return now + STRANGER_MS
  return Math.min(now + IDLE_MS, signedInAt + ABSOLUTE_MS)
}

const ignore = () => undefined
