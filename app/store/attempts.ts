import { randomUUID } from 'node:crypto'
import type { Account } from '../providers/provider.ts'
import type { Tokens } from '../oauth/tokens.ts'
import type { Vault } from '../vault.ts'
import { type Db, type Stored, toDate } from './db.ts'
import { hashOf } from './hash.ts'

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

/** Another account came back than the one connected; kept until the person chooses, ten minutes at the most. */
export interface Offer {
  account: Account
  tokens: Tokens
  /** Of the consent, for the journal. */
  details?: Record<string, string> | undefined
}

/** Who began: browser, person and platform all have to be the same at the callback. */
export interface Origin {
  state: string
  sessionId: string
  userId: number
  provider: string
}

interface Row {
  id: number
  user_id: number
  provider: string
  return_to: string | null
  sealed_verifier: string | null
  sealed_offer: string | null
  taken_at: Stored
  outcome: string | null
}

const LIFE_MS = 10 * 60_000

/** One row a `state`: ten minutes, one use, taken atomically whichever of two hits comes first. */
export function createAttemptStore(db: Db, vault: Vault) {
  const bound = ({ state, sessionId, userId, provider }: Origin) => ({
    state_hash: hashOf(state),
    session_hash: hashOf(sessionId),
    user_id: userId,
    provider,
  })
  const label = (userId: number, column: string) => `connection_attempts:${userId}:${column}`
  const byId = (id: number) => db<Row>('connection_attempts').where({ id })

  return {
    async open(
      origin: Origin,
      kept: { verifier?: string | undefined; returnTo?: string | undefined },
    ) {
      const now = Date.now()
      await db('connection_attempts').insert({
        ...bound(origin),
        return_to: kept.returnTo ?? null,
        sealed_verifier: kept.verifier
          ? vault.seal(kept.verifier, label(origin.userId, 'verifier'))
          : null,
        created_at: new Date(now),
        expires_at: new Date(now + LIFE_MS),
      })
    },
    /** The attempt, for the first to ask; undefined for everybody else and after ten minutes. */
    async take(origin: Origin): Promise<Attempt | undefined> {
      const now = new Date()
      const rows = (await db('connection_attempts')
        .where(bound(origin))
        .whereNull('taken_at')
        .where('expires_at', '>', now)
        .update({ taken_at: now })
        .returning('*')) as Row[]
      const [row] = rows
      return row && toAttempt(row)
    },
    /** An attempt somebody has already taken, by the same browser, person and platform. */
    async findTaken(origin: Origin): Promise<Taken | undefined> {
      const row = await db<Row>('connection_attempts')
        .where(bound(origin))
        .whereNotNull('taken_at')
        .where('expires_at', '>', new Date())
        .first()
      return (
        row && {
          outcome: row.outcome ?? undefined,
          takenAt: toDate(row.taken_at),
          returnTo: row.return_to ?? undefined,
        }
      )
    },
    async finish(id: number, outcome: string): Promise<void> {
      await byId(id).update({ outcome, sealed_verifier: null })
    },

    /** A row of its own that no callback can take. */
    async keepOffer(userId: number, provider: string, offer: Offer): Promise<void> {
      const now = Date.now()
      const nobody = randomUUID()
      await db('connection_attempts').insert({
        state_hash: hashOf(nobody),
        session_hash: hashOf(nobody),
        user_id: userId,
        provider,
        sealed_offer: vault.seal(JSON.stringify(offer), label(userId, 'offer')),
        created_at: new Date(now),
        expires_at: new Date(now + LIFE_MS),
      })
    },
    async findOffer(userId: number, provider: string): Promise<Offer | undefined> {
      const row = await offers(userId, provider).orderBy('id', 'desc').first()
      return row?.sealed_offer ? openOffer(row.sealed_offer, userId) : undefined
    },
    /** Hands the offer over to one caller and forgets it, and any older one. */
    async takeOffer(userId: number, provider: string): Promise<Offer | undefined> {
      const row = await offers(userId, provider).orderBy('id', 'desc').first()
      const mine = await offers(userId, provider).update({ sealed_offer: null })
      return mine > 0 && row?.sealed_offer ? openOffer(row.sealed_offer, userId) : undefined
    },
    /** Whoever is on the way to this platform does not come back from it. */
    async dropAll(provider: string): Promise<void> {
      await db('connection_attempts').where({ provider }).delete()
    },
    async sweep(): Promise<void> {
      await db('connection_attempts').where('expires_at', '<', new Date()).delete()
    },
  }

  function offers(userId: number, provider: string) {
    return db<Row>('connection_attempts')
      .where({ user_id: userId, provider })
      .whereNotNull('sealed_offer')
      .where('expires_at', '>', new Date())
  }

  function openOffer(sealed: string, userId: number): Offer | undefined {
    const text = vault.openIfPossible(sealed, label(userId, 'offer'))
    if (text === undefined) return undefined
    const { account, tokens, details } = JSON.parse(text) as Offer
    const endsAt = account.endsAt && { endsAt: new Date(account.endsAt) }
    return { account: { ...account, ...endsAt }, tokens: { ...tokens, ...dates(tokens) }, details }
  }

  function toAttempt(row: Row): Attempt {
    const { id, user_id: userId, provider, return_to: returnTo, sealed_verifier: sealed } = row
    const verifier = sealed ? vault.openIfPossible(sealed, label(userId, 'verifier')) : undefined
    return { id, userId, provider, returnTo: returnTo ?? undefined, verifier }
  }
}

/** JSON turned them into texts. */
function dates({ expiresAt, refreshExpiresAt, renewAt }: Tokens): Partial<Tokens> {
  return {
    ...(expiresAt && { expiresAt: new Date(expiresAt) }),
    ...(refreshExpiresAt && { refreshExpiresAt: new Date(refreshExpiresAt) }),
    ...(renewAt && { renewAt: new Date(renewAt) }),
  }
}
