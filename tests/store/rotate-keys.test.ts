import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { CustomPlatform } from '../../app/providers/custom-platform.ts'
import { keyUse } from '../../app/store/key-use.ts'
import { resealAll } from '../../app/store/reseal.ts'
import { labels, SEALED_COLUMNS } from '../../app/store/sealed-columns.ts'
import { schemaOf } from '../../app/store/undo.ts'
import { checkKeys, keepCanary } from '../../app/store/vault-canary.ts'
import { createVault, type VaultKey } from '../../app/crypto/vault.ts'
import { type Engine, ENGINES } from '../support/databases.ts'
import { ACCESS, addConnected, openContext, openWith } from './context.ts'
import { addPair } from './catalogue/sync-scene.ts'

const K1 = key('k1')
const K2 = key('k2')
const quiet = () => undefined

describe.each(ENGINES)('A change of keys on %s', (engine) => {
  test('every column that holds sealed texts is known', async () => {
    const { db } = await openContext(engine)
    const found = [...(await schemaOf(db))].flatMap(([table, columns]) =>
      columns.filter((name) => name.startsWith('sealed')).map((name) => `${table}.${name}`),
    )

    const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
    expect(found.sort()).toEqual([...known, 'vault_canaries.sealed'].sort())
  })

  test('everything opens with the new key alone afterwards, and nothing with the old one', async () => {
    const ctx = await filled(engine, [K1])

    const { free, left, unreadable } = await resealAll(ctx.db, createVault([K2, K1]), quiet)

    expect({ free, left, unreadable }).toEqual({ free: ['k1'], left: [], unreadable: {} })
    expect((await keyUse(ctx.db)).map(({ keyId }) => keyId)).not.toContain('k1')
    await expectAllOpen(openWith({ ...ctx.config, tokenKeys: [K2] }))
    await keepCanary(ctx.db, createVault([K2]))
    await expect(checkKeys(ctx.db, createVault([K1]))).rejects.toThrow(/TOKEN_KEYS.*k2/s)
  })

  test('a start without a key that is needed is refused, with how many values and where', async () => {
    const ctx = await filled(engine, [K1])
    await keepCanary(ctx.db, createVault([K2, K1]))

    const start = keepCanary(ctx.db, createVault([K2]))

    await expect(start).rejects.toThrow(/TOKEN_KEYS.*ключ k1 — значений \d+ \(connections: 1, /s)
    await expect(start).rejects.toThrow('npm run rotate-keys')
  })

  test('a value that is renewed meanwhile is left as it was renewed', async () => {
    const ctx = await filled(engine, [K1])
    const vault = createVault([K2, K1])
    const { user_id: userId } = await ctx.db('connections').first<{ user_id: number }>('user_id')
    const renewed = createVault([K1]).seal('{}', labels.tokens(userId, 'vk'))
    const racing = {
      ...vault,
      seal(text: string, label: string) {
        const mine = label.startsWith('connections:')
        // Goes out before the statement this text is for.
        if (mine) void ctx.db('connections').update({ sealed_tokens: renewed }).then(quiet)
        return vault.seal(text, label)
      },
    }

    const { left, free } = await resealAll(ctx.db, racing, quiet)

    expect(left).toEqual([{ keyId: 'k1', table: 'connections', values: 1 }])
    expect(free).toEqual([])
    expect(await ctx.db('connections').pluck('sealed_tokens')).toEqual([renewed])
    expect((await resealAll(ctx.db, vault, quiet)).free).toEqual(['k1'])
  })

  test('what does not open is counted and left, and keeps its key needed', async () => {
    const ctx = await filled(engine, [K1])
    const foreign = createVault([K1]).seal('x', 'connections:99:vk:sealed_tokens')
    await ctx.db('connections').update({ sealed_tokens: foreign })

    const { left, unreadable, free } = await resealAll(ctx.db, createVault([K2, K1]), quiet)

    expect(unreadable).toEqual({ connections: 1 })
    expect(left).toEqual([{ keyId: 'k1', table: 'connections', values: 1 }])
    expect(free).toEqual([])
  })

  test('more than a slice is gone through', async () => {
    const ctx = await filled(engine, [K1])
    const vault = createVault([K1])
    const { user_id: userId } = await ctx.db('connections').first<{ user_id: number }>('user_id')
    const rows = Array.from({ length: 1_203 }, (_, nth) => ({
      state_hash: `state-${nth}`,
      session_hash: 'none',
      user_id: userId,
      provider: 'vk',
      sealed_verifier: vault.seal('verifier', `connection_attempts:${userId}:verifier`),
      created_at: new Date(),
      expires_at: new Date(),
    }))
    await ctx.db.batchInsert('connection_attempts', rows, 100)

    const { free } = await resealAll(ctx.db, createVault([K2, K1]), quiet)

    expect(free).toEqual(['k1'])
  })
})

const ORIGIN = { state: 'state', sessionId: 'session', provider: 'vk' }
const OFFER = { account: { id: '7', profile: {} }, tokens: { accessToken: 'offered', carried: {} } }
const PLATFORM: CustomPlatform = {
  key: 'rayon',
  title: 'Витрина',
  icon: 'bi-shop',
  clientId: 'evosync',
  clientSecret: 'client-secret',
  scope: '',
  scopeDelimiter: ' ',
  authorizeUrl: 'https://id.rayon.example/authorize',
  tokenUrl: 'https://id.rayon.example/token',
  userinfoUrl: 'https://id.rayon.example/me',
  revokeUrl: undefined,
  issuer: undefined,
  issuerRequired: false,
  pkce: true,
  clientAuth: 'basic',
  idPath: undefined,
  namePath: undefined,
  emailPath: undefined,
  enabled: true,
  signIn: false,
  signInScope: undefined,
}

/** As the stores open what they sealed. */
async function expectAllOpen(ctx: Context) {
  const { user_id: userId } = await ctx.db('connections').first<{ user_id: number }>('user_id')
  const webhook = await ctx.webhooks.find(userId)
  const [link] = await ctx.syncLinks.list(userId)

  expect((await ctx.connections.tokensOf(userId, 'vk'))?.accessToken).toBe(ACCESS)
  expect((await ctx.attempts.take({ ...ORIGIN, userId }))?.verifier).toBe('verifier')
  expect((await ctx.offers.find(userId, 'vk'))?.tokens.accessToken).toBe('offered')
  const signIn = await ctx.signInAttempts.take({ ...ORIGIN, purpose: 'sign_in', userId: undefined })
  expect(signIn?.verifier).toBe('verifier')
  expect((await ctx.webhooks.findWithSecret(webhook?.id ?? 0))?.secret).toHaveLength(43)
  expect(link && (await ctx.syncLinks.feedKey(link))).toMatch(/.{20}/)
  expect((await ctx.customProviders.find('rayon'))?.clientSecret).toBe('client-secret')
  expect((await ctx.platformSettings.of('vk'))[0]?.value).toBe('entered')
}

function key(id: string): VaultKey {
  return { id, bytes: randomBytes(32) }
}

/** Something sealed in every column, by the stores themselves. */
async function filled(engine: Engine, keys: [VaultKey, ...VaultKey[]]): Promise<Context> {
  const { config } = await openContext(engine)
  const ctx = openWith({ ...config, tokenKeys: keys })
  await keepCanary(ctx.db, ctx.vault)
  const { userId } = await addConnected(ctx)
  await ctx.attempts.open({ ...ORIGIN, userId }, { verifier: 'verifier' })
  await ctx.offers.keep(userId, 'vk', OFFER)
  await ctx.signInAttempts.open(
    { ...ORIGIN, purpose: 'sign_in', userId: undefined },
    { verifier: 'verifier', returnTo: undefined },
  )
  await ctx.webhooks.save(userId, 'https://example.ru/hook')
  await ctx.customProviders.add(PLATFORM)
  await ctx.platformSettings.change('vk', { CLIENT_SECRET: 'entered' })
  await addPair(ctx, userId)
  const filledIn = (await keyUse(ctx.db)).length
  if (filledIn !== SEALED_COLUMNS.length) throw new Error(`only ${filledIn} columns are filled`)
  return ctx
}
