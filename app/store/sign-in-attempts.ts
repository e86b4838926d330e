import type { Vault } from '../crypto/vault.ts'
import type { Db } from './db.ts'
import { relaxed } from './durability.ts'
import { hashOf } from './hash.ts'
import type { Reader } from './reader.ts'
import { labels } from './sealed-columns.ts'
import type { Read, SignInAttemptRow } from './tables.ts'
import { deleteInSlices } from './slices.ts'
import { type Purpose, PURPOSES, wordIn } from './vocabulary.ts'

/** Who began: browser, platform and purpose all have to be the same at the callback, and the person who links. */
export interface SignInOrigin {
  state: string
  sessionId: string
  provider: string
  /** Who was asked has to be who answers; none for platforms of the list. */
  edition?: string | undefined
  purpose: Purpose
  userId: number | undefined
}

/** What is kept on the server until they come back; `returnTo` is an own path. */
export interface Kept {
  verifier: string | undefined
  returnTo: string | undefined
}

const LIFE_MS = 10 * 60_000

/**
 * One row a `state`: ten minutes, one use, taken atomically whichever of two hits comes first. A power cut may take the
 * last of them, or that they were taken: the platform takes no code twice.
 */
export function createSignInAttemptStore(db: Db, vault: Vault, reader: Reader) {
  const readByState = reader.first<Pick<Read<SignInAttemptRow>, 'purpose' | 'taken_at'>>(
    'select purpose, taken_at from sign_in_attempts where state_hash = ?',
  )
  const bound = ({ state, sessionId, provider, edition = '', purpose, userId }: SignInOrigin) => ({
    state_hash: hashOf(state),
    session_hash: hashOf(sessionId),
    provider,
    edition,
    purpose,
    user_id: userId ?? null,
  })
  const label = (state: string) => labels.signInVerifier(hashOf(state))

  return {
    async open(origin: SignInOrigin, { verifier, returnTo }: Kept): Promise<void> {
      const now = Date.now()
      const row = {
        ...bound(origin),
        sealed_verifier: verifier ? vault.seal(verifier, label(origin.state)) : null,
        return_to: returnTo ?? null,
        created_at: new Date(now),
        expires_at: new Date(now + LIFE_MS),
      }
      await relaxed(db('sign_in_attempts').insert(row))
    },
    /** What a state was made for, whoever asks; undefined when it is none of ours. */
    async find(state: string): Promise<{ purpose: Purpose; taken: boolean } | undefined> {
      const row = await readByState(hashOf(state))
      const purpose = row && wordIn(PURPOSES, row.purpose)
      return purpose && { purpose, taken: row.taken_at !== null }
    },
    /** What was kept, for the first to ask; undefined for everybody else and after ten minutes. */
    async take(origin: SignInOrigin): Promise<Kept | undefined> {
      const now = new Date()
      const rows = await relaxed(
        db('sign_in_attempts')
          .where(bound(origin))
          .whereNull('taken_at')
          .where('expires_at', '>', now)
          .update({ taken_at: now })
          .returning('*'),
      )
      const [row] = rows
      if (!row) return undefined
      const { id, sealed_verifier: sealed, return_to: returnTo } = row
      if (sealed)
        await relaxed(db('sign_in_attempts').where({ id }).update({ sealed_verifier: null }))
      const verifier = sealed ? vault.openIfPossible(sealed, label(origin.state)) : undefined
      return { verifier, returnTo: returnTo ?? undefined }
    },
    async sweep(): Promise<void> {
      await deleteInSlices(db, 'sign_in_attempts', (q) =>
        q.where('expires_at', '<', new Date()).orderBy('expires_at'),
      )
    },
  }
}
