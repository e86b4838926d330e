import type { Vault } from '../crypto/vault.ts'
import { type Db, toDate } from './db.ts'
import { relaxed } from './durability.ts'
import { hashOf } from './hash.ts'
import { labels } from './sealed-columns.ts'
import { deleteInSlices } from './slices.ts'
import type { Read, AttemptRow } from './tables.ts'

/** Somebody is on the way to a platform and back. */
export interface Attempt {
  id: number
  userId: number
  provider: string
  /** Own path to go to afterwards. */
  returnTo: string | undefined
  verifier: string | undefined
}

/** What a second hit on the callback finds: still under way, or how it ended. */
export interface Taken {
  outcome: string | undefined
  takenAt: Date
  returnTo: string | undefined
}

/** Who began: browser, person and platform all have to be the same at the callback. */
export interface Origin {
  state: string
  sessionId: string
  userId: number
  provider: string
}

type Row = Read<AttemptRow>

/** From the consent's beginning, and again for an answer to what came of it. */
export const LIFE_MS = 10 * 60_000

/**
 * One row a `state`: ten minutes, one use, taken atomically whichever of two hits comes first. A power cut may take the
 * last of them, or that they were taken: the platform takes no code twice.
 */
export function createAttemptStore(db: Db, vault: Vault) {
  const bound = ({ state, sessionId, userId, provider }: Origin) => ({
    state_hash: hashOf(state),
    session_hash: hashOf(sessionId),
    user_id: userId,
    provider,
  })
  const byId = (id: number) => db('connection_attempts').where({ id })

  return {
    async open(
      origin: Origin,
      kept: { verifier?: string | undefined; returnTo?: string | undefined },
    ) {
      const now = Date.now()
      const sealed = kept.verifier && vault.seal(kept.verifier, labels.verifier(origin.userId))
      const row = {
        ...bound(origin),
        return_to: kept.returnTo ?? null,
        sealed_verifier: sealed ?? null,
        created_at: new Date(now),
        expires_at: new Date(now + LIFE_MS),
      }
      await relaxed(db('connection_attempts').insert(row))
    },
    /** The attempt, for the first to ask; undefined for everybody else and after ten minutes. */
    async take(origin: Origin): Promise<Attempt | undefined> {
      const now = new Date()
      const rows = await relaxed(
        db('connection_attempts')
          .where(bound(origin))
          .whereNull('taken_at')
          .where('expires_at', '>', now)
          .update({ taken_at: now })
          .returning('*'),
      )
      const [row] = rows
      return row && toAttempt(row)
    },
    /** An attempt somebody has already taken, by the same browser, person and platform. */
    async findTaken(origin: Origin): Promise<Taken | undefined> {
      const row = await db('connection_attempts')
        .where(bound(origin))
        .whereNotNull('taken_at')
        .where('expires_at', '>', new Date())
        .first()
      if (!row?.taken_at) return undefined
      return {
        outcome: row.outcome ?? undefined,
        takenAt: toDate(row.taken_at),
        returnTo: row.return_to ?? undefined,
      }
    },
    async finish(id: number, outcome: string): Promise<void> {
      await relaxed(byId(id).update({ outcome, sealed_verifier: null }))
    },
    /** Whoever is on the way to this platform does not come back from it. */
    async dropAll(provider: string): Promise<void> {
      await deleteInSlices(db, 'connection_attempts', (q) => q.where({ provider }))
    },
    async sweep(): Promise<void> {
      await deleteInSlices(db, 'connection_attempts', (q) =>
        q.where('expires_at', '<', new Date()).orderBy('expires_at'),
      )
    },
  }

  function toAttempt(row: Row): Attempt {
    const { id, user_id: userId, provider, return_to: returnTo, sealed_verifier: sealed } = row
    const verifier = sealed ? vault.openIfPossible(sealed, labels.verifier(userId)) : undefined
    return { id, userId, provider, returnTo: returnTo ?? undefined, verifier }
  }
}
