import { randomBytes } from 'node:crypto'
import type { Vault } from '../crypto/vault.ts'
import { type Db, toDate, toDateIf } from './db.ts'
import { inPages } from './pages.ts'
import { labels } from './sealed-columns.ts'
import type { Read, WebhookRow } from './tables.ts'

/** Where a person's own system wants to be told what happens; the secret stays in the store. */
export interface Webhook {
  id: number
  userId: number
  url: string
  enabled: boolean
  /** Nothing has been delivered since. */
  failingSince: Date | undefined
  /** We switched it off ourselves, after days of failures. */
  switchedOffAt: Date | undefined
  createdAt: Date
}

/** The secret is undefined when it does not open. */
type WebhookWithSecret = Webhook & { secret: string | undefined }

type Row = Read<WebhookRow>

const SECRET_BYTES = 32

/** One a person. Secrets are made, sealed and opened here, bound to their owner. */
export function createWebhookStore(db: Db, vault: Vault) {
  const table = () => db('webhooks')
  const WELL = { failing_since: null, switched_off_at: null }

  const withSecret = (row: Row): WebhookWithSecret => ({
    ...toWebhook(row),
    secret: vault.openIfPossible(row.sealed_secret, labels.webhookSecret(row.user_id)),
  })

  function newSecret(userId: number) {
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    return { secret, sealed: vault.seal(secret, labels.webhookSecret(userId)) }
  }

  return {
    async find(userId: number): Promise<Webhook | undefined> {
      const row = await table().where({ user_id: userId }).first()
      return row && toWebhook(row)
    },
    /** Everybody's, with their secrets as below, page by page. */
    async *everybody(): AsyncGenerator<WebhookWithSecret[]> {
      for await (const rows of inPages<Row, 'id'>(table, 'id')) yield rows.map(withSecret)
    },
    /** With its secret, which is undefined when it does not open. */
    async findWithSecret(id: number): Promise<WebhookWithSecret | undefined> {
      const row = await table().where({ id }).first()
      return row && withSecret(row)
    },
    /** Sets the address and switches on. The secret is given when it is a new one: for the first address there is. */
    async save(userId: number, url: string): Promise<string | undefined> {
      const changed = await table()
        .where({ user_id: userId })
        .update({ url, enabled: true, ...WELL })
      if (changed > 0) return undefined
      const { secret, sealed } = newSecret(userId)
      const row = { user_id: userId, url, sealed_secret: sealed, enabled: true }
      const made = await db('webhooks')
        .insert({ ...row, created_at: new Date() })
        .onConflict('user_id')
        .ignore()
        .returning<unknown[]>('id')
      return made.length > 0 ? secret : undefined
    },
    /** As it was elsewhere: address, whether it is on, and its secret where that is known. */
    async put(
      userId: number,
      { url, enabled, secret }: Pick<WebhookWithSecret, 'url' | 'enabled' | 'secret'>,
    ): Promise<void> {
      const sealed = secret && vault.seal(secret, labels.webhookSecret(userId))
      const changes = { url, enabled, ...WELL, ...(sealed && { sealed_secret: sealed }) }
      await table()
        .insert({
          user_id: userId,
          sealed_secret: newSecret(userId).sealed,
          created_at: new Date(),
          ...changes,
        })
        .onConflict('user_id')
        .merge(changes)
    },
    /** The old secret ends at once; undefined when there is no webhook. */
    async renewSecret(userId: number): Promise<string | undefined> {
      const { secret, sealed } = newSecret(userId)
      const renewed = await table().where({ user_id: userId }).update({ sealed_secret: sealed })
      return renewed > 0 ? secret : undefined
    },
    /** By hand. */
    async setEnabled(userId: number, enabled: boolean): Promise<void> {
      await table()
        .where({ user_id: userId })
        .update({ enabled, ...WELL })
    },
    async remove(userId: number): Promise<void> {
      await table().where({ user_id: userId }).delete()
    },
    async noteSuccess(id: number): Promise<void> {
      await table().where({ id }).whereNotNull('failing_since').update({ failing_since: null })
    },
    async noteFailure(id: number): Promise<void> {
      await table().where({ id }).whereNull('failing_since').update({ failing_since: new Date() })
    },
    /** True for the one who switches off what has failed since `before` or longer. */
    async switchOff(id: number, before: Date): Promise<boolean> {
      const off = await table()
        .where({ id, enabled: true })
        .where('failing_since', '<=', before)
        .update({ enabled: false, switched_off_at: new Date() })
      return off > 0
    },
  }
}

function toWebhook(row: Row): Webhook {
  return {
    id: row.id,
    userId: row.user_id,
    url: row.url,
    enabled: Boolean(row.enabled),
    failingSince: toDateIf(row.failing_since),
    switchedOffAt: toDateIf(row.switched_off_at),
    createdAt: toDate(row.created_at),
  }
}
