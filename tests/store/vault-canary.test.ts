import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { ConfigError } from '../../app/errors.ts'
import { keepCanary } from '../../app/store/vault-canary.ts'
import { createVault, type VaultKey } from '../../app/crypto/vault.ts'
import { ENGINES } from '../support/databases.ts'
import { addConnected, atOnce, openContext } from './context.ts'

const OLD = key('old')
const NEW = key('new')

describe.each(ENGINES)('The canary that proves the keys on %s', (engine) => {
  test('is written at the first start, sealed', async () => {
    const { db } = await openContext(engine)

    await keepCanary(db, createVault([OLD]))

    const canaries = await db<Canary>('vault_canaries')
    expect(canaries.map(({ key_id }) => key_id)).toEqual(['old'])
    expect(canaries[0]?.sealed).toMatch(/^v1\.old\./)
  })

  test('lets the same keys start again and changes nothing', async () => {
    const ctx = await started(engine, [OLD])
    const before = await canaries(ctx)

    await keepCanary(ctx.db, createVault([OLD]))

    expect(await canaries(ctx)).toEqual(before)
  })

  test('speaks for its own key alone: what an instance goes on sealing with one that was freed is found', async () => {
    const ctx = await openContext(engine)
    await keepCanary(ctx.db, createVault([NEW, ...ctx.config.tokenKeys]))
    await addConnected(ctx)

    const start = keepCanary(ctx.db, createVault([NEW]))

    await expect(start).rejects.toThrow(/TOKEN_KEYS.*connections: 1/s)
  })

  test('where there is none, what is sealed is asked which keys it needs', async () => {
    const ctx = await openContext(engine)
    await addConnected(ctx)

    const start = keepCanary(ctx.db, createVault([NEW]))

    await expect(start).rejects.toThrow(/TOKEN_KEYS.*connections: 1/s)
  })

  test('refuses another key with advice, and nothing is written', async () => {
    const ctx = await started(engine, [OLD])
    const before = await canaries(ctx)

    const start = keepCanary(ctx.db, createVault([NEW]))

    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(/TOKEN_KEYS.*old.*\.env/s)
    expect(await canaries(ctx)).toEqual(before)
  })

  test('refuses the same id with other bytes', async () => {
    const ctx = await started(engine, [OLD])
    const before = await canaries(ctx)

    const start = keepCanary(ctx.db, createVault([key('old')]))

    await expect(start).rejects.toThrow(ConfigError)
    expect(await canaries(ctx)).toEqual(before)
  })

  test('lets a new key in beside the old one, and then knows both', async () => {
    const ctx = await started(engine, [OLD])

    await keepCanary(ctx.db, createVault([NEW, OLD]))

    expect((await canaries(ctx)).map(({ key_id }) => key_id)).toEqual(['new', 'old'])
    await keepCanary(ctx.db, createVault([NEW]))
    await keepCanary(ctx.db, createVault([OLD]))
  })

  test('refuses a rotation whose old key has other bytes', async () => {
    const ctx = await started(engine, [OLD])
    const before = await canaries(ctx)

    const start = keepCanary(ctx.db, createVault([NEW, key('old')]))

    await expect(start).rejects.toThrow(ConfigError)
    expect(await canaries(ctx)).toEqual(before)
  })

  test('keys that only open leave none', async () => {
    const ctx = await started(engine, [OLD])

    await keepCanary(ctx.db, createVault([OLD, NEW]))

    expect((await canaries(ctx)).map(({ key_id }) => key_id)).toEqual(['old'])
  })

  test('a canary moved under another id does not sing', async () => {
    const ctx = await started(engine, [OLD])
    await ctx.db('vault_canaries').update({ key_id: 'new' })

    const start = keepCanary(ctx.db, createVault([OLD, NEW]))

    await expect(start).rejects.toThrow(ConfigError)
  })

  test('many instances that start at once leave one', async () => {
    const ctx = await openContext(engine)

    await atOnce(5, () => keepCanary(ctx.db, createVault([OLD])))

    expect(await canaries(ctx)).toHaveLength(1)
  })
})

interface Canary {
  key_id: string
  sealed: string
}

function key(id: string): VaultKey {
  return { id, bytes: randomBytes(32) }
}

async function started(
  engine: (typeof ENGINES)[number],
  keys: [VaultKey, ...VaultKey[]],
): Promise<Context> {
  const ctx = await openContext(engine)
  await keepCanary(ctx.db, createVault(keys))
  return ctx
}

async function canaries({ db }: Context): Promise<Canary[]> {
  return await db<Canary>('vault_canaries').select('key_id', 'sealed').orderBy('key_id')
}
