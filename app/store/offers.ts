import { randomUUID } from 'node:crypto'
import type { Tokens } from '../oauth/tokens.ts'
import type { Account } from '../providers/account.ts'
import type { Vault } from '../crypto/vault.ts'
import { LIFE_MS } from './attempts.ts'
import type { Db } from './db.ts'
import { hashOf } from './hash.ts'
import { labels } from './sealed-columns.ts'

/** Another account came back than the one connected; kept until the person chooses, ten minutes at the most. */
export interface Offer {
  account: Account
  tokens: Tokens
  /** Of the consent, for the journal. */
  details?: Record<string, string> | undefined
}

/** Offers stand among the attempts to connect, one row each that no callback can take. */
export function createOfferStore(db: Db, vault: Vault) {
  const open = (userId: number, provider: string) =>
    db('connection_attempts')
      .where({ user_id: userId, provider })
      .whereNotNull('sealed_offer')
      .where('expires_at', '>', new Date())

  return {
    async keep(userId: number, provider: string, offer: Offer): Promise<void> {
      const now = Date.now()
      const nobody = hashOf(randomUUID())
      await db('connection_attempts').insert({
        state_hash: nobody,
        session_hash: nobody,
        user_id: userId,
        provider,
        sealed_offer: vault.seal(JSON.stringify(offer), labels.offer(userId)),
        created_at: new Date(now),
        expires_at: new Date(now + LIFE_MS),
      })
    },
    async find(userId: number, provider: string): Promise<Offer | undefined> {
      const row = await open(userId, provider).orderBy('id', 'desc').first()
      return row?.sealed_offer ? unseal(row.sealed_offer, userId) : undefined
    },
    /** Hands the offer over to one caller and forgets it, and any older one. */
    async take(userId: number, provider: string): Promise<Offer | undefined> {
      const row = await open(userId, provider).orderBy('id', 'desc').first()
      if (!row) return undefined
      const mine = await open(userId, provider).update({ sealed_offer: null })
      return mine > 0 && row.sealed_offer ? unseal(row.sealed_offer, userId) : undefined
    },
  }

  function unseal(sealed: string, userId: number): Offer | undefined {
    const text = vault.openIfPossible(sealed, labels.offer(userId))
    if (text === undefined) return undefined
    const { account, tokens, details } = JSON.parse(text) as Offer
    const endsAt = account.endsAt && { endsAt: new Date(account.endsAt) }
    return { account: { ...account, ...endsAt }, tokens: { ...tokens, ...dates(tokens) }, details }
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
