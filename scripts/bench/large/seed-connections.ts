import { randomBytes } from 'node:crypto'
import type { Context } from '../../../app/context.ts'
import { labels } from '../../../app/store/sealed-columns.ts'
import { fill, insertAll } from './rows.ts'
import { BUSIEST, OTHERS, OWNER, type Sizes } from './sizes.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Connections with their checks, webhooks with deliveries, notices. */
export async function seedConnections(
  { db, vault }: Context,
  { users, connections, checks }: Sizes,
): Promise<void> {
  const ago = (ms: number) => new Date(Date.now() - ms)

  await insertAll(db, 'connections', connections, (index) => {
    const userId = 1 + (index % users)
    const provider = index < users ? BUSIEST : (OTHERS[index % OTHERS.length] ?? '')
    const kind = index % 100
    const secret = JSON.stringify({ accessToken: randomBytes(40).toString('hex') })
    const down = kind === 50
    return {
      user_id: userId,
      provider,
      account_id: String(index % (connections / 2)),
      account_name: `Магазин ${index}`,
      profile: '{"first_name":"Марина"}',
      sealed_tokens: vault.seal(secret, labels.tokens(userId, provider)),
      renewable: false,
      is_online: kind < 50,
      health: kind < 50 ? 'online' : down ? 'unreachable' : kind < 80 ? 'online' : 'revoked',
      reason: down ? 'provider_unavailable' : null,
      incident: down ? 'provider_unavailable' : null,
      last_checked_at: kind === 99 ? null : ago(HOUR_MS + index),
      last_online_at: ago(HOUR_MS),
      next_check_at: kind === 98 ? ago(-MINUTE_MS * 30) : null,
      connected_at: ago(30 * DAY_MS),
      updated_at: ago(HOUR_MS),
      revision: 1,
      failed_checks: 0,
    }
  })
  await db('connections')
    .where({ user_id: OWNER, provider: OTHERS[1] ?? '' })
    .update({ provider: 'evotor' })

  await fill(db, 'health_changes', checks / 10, (sql) => ({
    connection_id: `case when i % 100 = 0 then ${OWNER} else 1 + i % ${connections} end`,
    changed_at: sql.ago(`(${checks / 10} - i) * 10000.0`),
    health: "case when i % 2 = 0 then 'unreachable' else 'online' end",
  }))
  await fill(db, 'check_counts', checks / 2, () => ({
    connection_id: `1 + i % ${connections}`,
    day: `${Math.floor(Date.now() / DAY_MS)} - i / ${connections}`,
    health: "'online'",
    ...{ n0: '6', n20: '6', n47: '6' },
  }))
  await fill(db, 'check_totals', 300 * 4, () => ({
    span: `${Math.floor(Date.now() / 300_000)} - i / 4`,
    provider: `'${BUSIEST}'`,
    slot: 'i % 4',
    ...{ passed: '900', failed: '10' },
  }))
  await fill(db, 'notices', users * 1.2, (sql) => ({
    user_id: `1 + i % ${users}`,
    provider: `'${BUSIEST}'`,
    kind: "case when i % 2 = 0 then 'incident' else 'recovered' end",
    code: "'provider_unavailable'",
    created_at: sql.ago(`i % 40 * ${DAY_MS}.0`),
    told_at: `case when i % 6 > 0 then ${sql.ago('0')} end`,
    closed_at: `case when i % 3 > 0 then ${sql.ago('0')} end`,
  }))
  await insertAll(db, 'webhooks', users / 10, (index) => ({
    user_id: index + 1,
    url: 'https://shop.example.ru/evosync',
    sealed_secret: vault.seal('secret', labels.webhookSecret(index + 1)),
    enabled: true,
    created_at: ago(DAY_MS),
  }))
  await fill(db, 'webhook_deliveries', users, (sql) => ({
    webhook_id: `1 + i % ${users / 10}`,
    key: 'cast(i as text)',
    event: "'connection.lost'",
    payload: `'{"event":"connection.lost"}'`,
    status: "case when i % 5 = 0 then 'pending' else 'delivered' end",
    attempts: 'case when i % 10 = 5 then 2 else 0 end',
    next_attempt_at: `case when i % 5 = 0 then ${sql.ago(`case when i % 10 = 5 then -${5 * MINUTE_MS} else i end`)} end`,
    created_at: sql.ago(`i % 40 * ${DAY_MS}.0`),
  }))
}
