import { describe, expect, test } from 'vitest'
import type { CustomPlatform } from '../../app/providers/custom-platform.ts'
import { ENGINES } from '../support/databases.ts'
import { addConnected, addPerson, atOnce, connect, openBeside, openContext } from './context.ts'

const SECRET = 'client-secret-canary-71'

const RAYON: CustomPlatform = {
  key: 'rayon',
  title: 'Витрина района',
  icon: 'bi-shop',
  clientId: 'evosync-01',
  clientSecret: SECRET,
  scope: 'catalog.read',
  scopeDelimiter: ',',
  authorizeUrl: 'https://id.rayon.example/authorize',
  tokenUrl: 'https://id.rayon.example/token',
  userinfoUrl: 'https://id.rayon.example/me',
  revokeUrl: 'https://id.rayon.example/revoke',
  issuer: 'https://id.rayon.example',
  issuerRequired: true,
  pkce: true,
  clientAuth: 'basic',
  idPath: 'data.id',
  namePath: 'data.name',
  emailPath: undefined,
  enabled: true,
  signIn: true,
  signInScope: 'catalog.read',
}

describe.each(ENGINES)('Platforms of administrators, on %s', (engine) => {
  test('come back as they were put in', async () => {
    const { customProviders } = await openContext(engine)

    await customProviders.add(RAYON)

    expect(await customProviders.all()).toEqual([
      { ...RAYON, hasSecret: true, unreadable: false, revision: 1 },
    ])
    expect(await customProviders.find('rayon')).toMatchObject({ title: 'Витрина района' })
    expect(await customProviders.find('vk')).toBeUndefined()
  })

  test('are kept with their secret sealed, bound to their key', async () => {
    const { customProviders, db } = await openContext(engine)
    await customProviders.add(RAYON)
    await customProviders.add({ ...RAYON, key: 'other' })

    const rows = await db('custom_providers').select<{ key: string; sealed_secret: string }[]>('*')
    await db('custom_providers')
      .where({ key: 'rayon' })
      .update({ sealed_secret: rows[1]?.sealed_secret ?? null })

    expect(JSON.stringify(rows)).not.toContain(SECRET)
    expect(rows[0]?.sealed_secret).not.toBe(rows[1]?.sealed_secret)
    expect(await customProviders.find('rayon')).toMatchObject({
      clientSecret: undefined,
      hasSecret: true,
      unreadable: true,
    })
    expect(await customProviders.find('other')).toMatchObject({ clientSecret: SECRET })
  })

  test('have keys of their own, whoever comes first', async () => {
    const { customProviders } = await openContext(engine)

    const added = await atOnce(5, () => customProviders.add(RAYON))

    expect(added.filter(Boolean)).toHaveLength(1)
  })

  test('are changed from the revision that was seen, once', async () => {
    const { customProviders } = await openContext(engine)
    await customProviders.add(RAYON)
    const seen = { key: 'rayon', revision: 1 }

    const changed = await atOnce(5, (n) =>
      customProviders.replace(
        seen,
        { ...RAYON, title: `Витрина ${n}` },
        { secret: 'kept', vacant: false },
      ),
    )

    expect(changed.filter(Boolean)).toHaveLength(1)
    expect(await customProviders.find('rayon')).toMatchObject({ clientSecret: SECRET, revision: 2 })
  })

  test('lose or change their secret only when told to', async () => {
    const { customProviders } = await openContext(engine)
    await customProviders.add(RAYON)
    const blank = { ...RAYON, clientSecret: undefined }

    await customProviders.replace({ key: 'rayon', revision: 1 }, blank, {
      secret: 'kept',
      vacant: false,
    })
    const kept = await customProviders.find('rayon')
    await customProviders.replace({ key: 'rayon', revision: 2 }, blank, {
      secret: 'replaced',
      vacant: false,
    })
    const gone = await customProviders.find('rayon')

    expect(kept).toMatchObject({ clientSecret: SECRET, hasSecret: true })
    expect(gone).toMatchObject({ clientSecret: undefined, hasSecret: false, unreadable: false })
  })

  test('stay while somebody is connected, and go with the last', async () => {
    const ctx = await openContext(engine)
    await ctx.customProviders.add(RAYON)
    const user = await addPerson(ctx)
    await connect(ctx, user.id, { provider: 'rayon' })

    const refused = await ctx.customProviders.remove('rayon')
    await ctx.connections.remove(user.id, 'rayon')
    const removed = await ctx.customProviders.remove('rayon')

    expect([refused, removed]).toEqual([false, true])
    expect(await ctx.customProviders.remove('rayon')).toBe(true) // somebody else has removed it already
    expect(await ctx.customProviders.all()).toEqual([])
  })

  test('are known to the process that changed them at once, to others within a second', async () => {
    const ctx = await openContext(engine)
    const beside = openBeside(ctx)
    await beside.providers.refresh()

    await ctx.customProviders.add(RAYON)
    await ctx.providers.reload()
    await beside.providers.refresh()
    const known = beside.providers.find('rayon')

    expect(ctx.providers.get('rayon').title).toBe('Витрина района')
    expect(known).toBeUndefined() // asked a moment ago
    await expect
      .poll(async () => {
        await beside.providers.refresh()
        return beside.providers.find('rayon')?.title
      })
      .toBe('Витрина района')
  })

  test('are read once for however many ask at the same time', async () => {
    const ctx = await openContext(engine)
    const queries: string[] = []
    ctx.db.on('query', ({ sql }: { sql: string }) => queries.push(sql))

    await atOnce(20, () => ctx.providers.refresh())

    expect(queries.filter((sql) => sql.includes('custom_providers'))).toHaveLength(1)
  })

  test('take no place of a page of ours or a platform of the list, whatever stands in the table', async () => {
    const ctx = await openContext(engine)
    const builtIn = ctx.providers.get('vk')
    await ctx.customProviders.add({ ...RAYON, key: 'vk' })
    await ctx.customProviders.add({ ...RAYON, key: 'admin' })

    await ctx.providers.reload()

    expect(ctx.providers.get('vk')).toBe(builtIn)
    expect(ctx.providers.find('admin')).toBeUndefined()
  })
})

describe.each(ENGINES)('What the list of platforms counts, on %s', (engine) => {
  test('is connections, by platform', async () => {
    const ctx = await openContext(engine)
    const first = await addConnected(ctx, 'marina')
    await addConnected(ctx, 'oleg')
    await connect(ctx, first.userId, { provider: 'rayon' })
    const connections = await ctx.connections.countByProvider()

    expect(Object.fromEntries(connections)).toEqual({ vk: 2, rayon: 1 })
    expect((await ctx.connections.ownersOf('vk')).length).toBe(2)
  })
})
