import type { Context } from '../../../app/context.ts'
import { fill, hex } from './rows.ts'
import { ADMIN, OWNER, type Sizes } from './sizes.ts'

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS
export const PASSWORD = 'buket-utro-2490'

/** People, what they have of us, and what they left behind. */
export async function seedPeople({ db, passwords }: Context, { users, events }: Sizes) {
  const hash = await passwords.hash(PASSWORD)
  const person = `1 + i % ${users}`

  await fill(db, 'users', users, ({ ago }) => ({
    email: "'owner' || i || '@example.ru'",
    name: "'Владелец ' || i",
    password_hash: `'${hash}'`,
    role: `case when i = ${ADMIN} then 'admin' else 'owner' end`,
    created_at: ago('i * 1000'),
    updated_at: ago('0'),
  }))
  for (const word of ["'owner' || i", "'владелец'", "'example.ru'", 'cast(i as text)'])
    await fill(db, 'user_words', users, () => ({ word, user_id: 'i' }))
  await fill(db, 'user_words', users, () => ({
    word: "'owner' || i || '@example.ru'",
    user_id: 'i',
  }))
  await fill(db, 'events', events, ({ ago }) => ({
    at: ago(`i % 31536000 * 1000.0`),
    event: `case when i % 100000 = 0 then 'provider_added' when i % 50 = 0 then 'refresh_failed'
      when i % 3 = 0 then 'signed_in' else 'refreshed' end`,
    user_id: `case when i % 20 = 0 then ${OWNER} else ${person} end`,
    provider: "case when i % 3 = 0 then null when i % 2 = 0 then 'vk' else 'evotor' end",
    address: "'10.0.0.' || (i % 250)",
  }))
  await fill(db, 'sessions', users * 1.5, ({ ago }) => ({
    sid_hash: hex('s'),
    user_id: person,
    data: `'{"cookie":{},"userId":' || (${person}) || '}'`,
    created_at: ago(String(DAY_MS)),
    seen_at: ago(String(HOUR_MS)),
    expires_at: `${Date.now()} + (i % 3 - 1) * ${DAY_MS} + i`,
  }))
  await fill(db, 'rate_limits', users, () => ({
    key: hex('limit:'),
    count: '1',
    resets_at: `${Date.now()} + (i % 2 * 2 - 1) * ${HOUR_MS}`,
  }))
  for (const [table, column, count] of [
    ['password_resets', 'token_hash', users / 10],
    ['connection_attempts', 'state_hash', users / 5],
    ['sign_in_attempts', 'state_hash', users / 10],
  ] as const)
    await fill(db, table, count, ({ ago }) => ({
      user_id: person,
      [column]: hex('a'),
      created_at: ago(String(HOUR_MS)),
      expires_at: ago(`(i % 2 * 2 - 1) * ${HOUR_MS}`),
      ...(table !== 'password_resets' && { session_hash: hex('b'), provider: "'vk'" }),
      ...(table === 'sign_in_attempts' && { purpose: "'sign_in'", edition: "''" }),
    }))
  await fill(db, 'api_tokens', users / 2, ({ ago }) => ({
    user_id: person,
    name: "'касса'",
    token_hash: hex('t'),
    scopes: "'read'",
    created_at: ago('i * 1000'),
    expires_at: `case when i % 10 = 0 then ${ago(`(i % 20 - 5) * ${DAY_MS}.0`)} end`,
  }))
  await fill(db, 'identities', users / 2, ({ ago }) => ({
    user_id: person,
    provider: "case when i % 2 = 0 then 'google' else 'yandex' end",
    edition: "''",
    subject: 'cast(i as text)',
    created_at: ago('i * 1000'),
  }))
  await fill(db, 'letters', users / 20, ({ ago }) => ({
    ...{ user_id: person, kind: "'reset'", details: "'{}'", tries: '0' },
    ...{ next_at: ago('i * 1000'), created_at: ago('i * 1000') },
  }))
  await fill(db, 'paces', users / 5, () => ({
    ...{ lane: hex('p'), moments: "'[0,0,0]'", taker: "'me'", shared_at: '0', held_until: '0' },
    asked_at: `${Date.now()}.0 - i * 10000.0`,
  }))
}
