import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { VaultError } from '../../app/errors.ts'
import { disconnect } from '../../app/flows/connections/disconnect.ts'
import { ENGINES } from '../support/databases.ts'
import {
  ACCESS,
  addConnected,
  addPerson,
  connect,
  granted,
  openContext,
  REFRESH,
} from './context.ts'

describe.each(ENGINES)('Tokens at rest on %s', (engine) => {
  test('no row holds a token in the clear', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', 1000)
    await ctx.refreshes.store(connection, granted())

    const row = JSON.stringify(await ctx.db('connections').first())

    expect(row).toContain('v1.k1.')
    for (const secret of [ACCESS, REFRESH, 'device-1']) {
      expect(row).not.toContain(secret)
      expect(row).not.toContain(Buffer.from(secret).toString('base64url').slice(0, -3))
    }
  })

  test('the same tokens are sealed differently every time', async () => {
    const ctx = await openContext(engine)
    const { id, userId } = await addConnected(ctx)
    const first = await sealedTokens(ctx, id)

    await connect(ctx, userId)

    expect(await sealedTokens(ctx, id)).not.toBe(first)
  })

  test('a connection shown to a page has no token in it', async () => {
    const ctx = await openContext(engine)
    const { userId } = await addConnected(ctx)

    const shown = JSON.stringify(await ctx.connections.list(userId))

    expect(shown).toContain('Марина')
    expect(shown).not.toMatch(new RegExp(`${ACCESS}|${REFRESH}|v1\\.`))
  })

  test("a sealed text moved to somebody else's row does not open", async () => {
    const ctx = await openContext(engine)
    const marina = await addConnected(ctx, 'marina')
    const oleg = await addConnected(ctx, 'oleg')
    await writeSealed(ctx, oleg.id, await sealedTokens(ctx, marina.id))

    await expect(ctx.connections.findTokens(oleg.id)).rejects.toThrow(VaultError)
    expect((await ctx.connections.findTokens(marina.id))?.tokens.accessToken).toBe(ACCESS)
  })

  test("nor one moved to another platform's row of the same person", async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const community = await connect(ctx, marina.id)
    const till = await connect(ctx, marina.id, { provider: 'evotor' })
    await writeSealed(ctx, till.id, await sealedTokens(ctx, community.id))

    await expect(ctx.connections.findTokens(till.id)).rejects.toThrow(VaultError)
  })

  test.each<[string, (sealed: string) => string]>([
    ['cut short', (sealed) => sealed.slice(0, -6)],
    [
      'changed in one letter',
      (sealed) => sealed.slice(0, -9) + swap(sealed.at(-9)) + sealed.slice(-8),
    ],
    ['of a key nobody has', (sealed) => sealed.replace('v1.k1.', 'v1.k0.')],
    ['of a later version', (sealed) => sealed.replace('v1.', 'v2.')],
    ['no sealed text at all', () => 'plain'],
    ['empty', () => ''],
  ])('a text that is %s does not open; lists and removing still work', async (_name, spoil) => {
    const ctx = await openContext(engine)
    const { id, userId } = await addConnected(ctx)
    await writeSealed(ctx, id, spoil(await sealedTokens(ctx, id)))

    const tokens = ctx.connections.findTokens(id)

    await expect(tokens).rejects.toThrow(VaultError)
    expect(await ctx.connections.list(userId)).toHaveLength(1)
    expect(await ctx.connections.find(userId, 'vk')).toBeDefined()
    expect(await ctx.checks.claim('vk', new Date(), 10, 'me', 1000)).toHaveLength(1)
    expect(await ctx.connections.remove(userId, 'vk')).toEqual({ tokens: null })
  })
})

test('neither the SQLite file nor its log holds a token, before and after it is removed', async () => {
  const ctx = await openContext('sqlite')
  const { id, userId } = await addConnected(ctx)
  const sealed = await sealedTokens(ctx, id)
  const written = bytesOf(ctx)

  await ctx.connections.remove(userId, 'vk')
  await ctx.db.raw('pragma wal_checkpoint(truncate)')
  const swept = bytesOf(ctx)

  expect(written).toContain(sealed) // so the search finds what is there
  for (const secret of [ACCESS, REFRESH]) expect(written).not.toContain(secret)
  for (const secret of [ACCESS, REFRESH, sealed.slice(-40)]) expect(swept).not.toContain(secret)
})

async function sealedTokens({ db }: Context, id: number): Promise<string> {
  const row = await db<{ id: number; sealed_tokens: string }>('connections').where({ id }).first()
  return row?.sealed_tokens ?? ''
}

async function writeSealed({ db }: Context, id: number, sealed: string) {
  await db('connections').where({ id }).update({ sealed_tokens: sealed })
}

const swap = (letter: string | undefined) => (letter === 'A' ? 'B' : 'A')

test('after disconnecting not even what was sealed is left in the file or its log', async () => {
  const ctx = await openContext('sqlite')
  const connection = await addConnected(ctx)
  const row = await ctx.db<{ sealed_tokens: string }>('connections').first()
  const sealed = row?.sealed_tokens ?? ''
  const onDisk = () => bytesOf(ctx).includes(sealed.slice(-40))
  const before = onDisk()

  await disconnect(ctx, connection.userId, ctx.providers.get('vk'))

  expect([before, onDisk()]).toEqual([true, false])
})

/** The file and its write-ahead log, as anybody who copies them sees them. */
function bytesOf({ config: { database } }: Context): string {
  if (database.client !== 'sqlite') throw new Error('SQLite only')
  const files = ['', '-wal'].map((ending) => database.file + ending).filter(existsSync)
  return files.map((file) => readFileSync(file, 'latin1')).join('\n')
}
