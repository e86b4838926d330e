import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { NotFound } from '../../app/errors.ts'
import {
  addProvider,
  patchProvider,
  replaceProvider,
} from '../../app/flows/platforms/manage-provider.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, atOnce, openContext } from './context.ts'

const RAYON = {
  key: 'rayon',
  title: 'Витрина района',
  clientId: 'evosync-01',
  clientSecret: 'hush',
  authorizeUrl: 'https://id.rayon.example/authorize',
  tokenUrl: 'https://id.rayon.example/token',
  userinfoUrl: 'https://id.rayon.example/me',
}

describe.each(ENGINES)('Managing a platform without a page, on %s', (engine) => {
  test('six fields are enough; the rest takes its default', async () => {
    const { ctx, by } = await open(engine)

    const added = await addProvider(ctx, RAYON, by)

    expect(added).toMatchObject({ ok: true, platform: { ...RAYON, pkce: true, enabled: true } })
    expect(ctx.providers.get('rayon').configured).toBe(true)
  })

  test('faults come as codes by field, and nothing is stored', async () => {
    const { ctx, by } = await open(engine)

    const added = await addProvider(
      ctx,
      { key: 'vk', tokenUrl: 'http://10.0.0.5/', pkce: 'yes' },
      by,
    )

    expect(added).toEqual({
      ok: false,
      faults: {
        key: 'key_taken',
        title: 'required',
        clientId: 'required',
        authorizeUrl: 'required',
        tokenUrl: 'url_unsafe',
        userinfoUrl: 'required',
        pkce: 'choice_invalid',
      },
    })
    expect(await ctx.customProviders.all()).toEqual([])
  })

  test('a patch changes what it names, an empty text clears, the secret stays', async () => {
    const { ctx, by } = await open(engine)
    await addProvider(ctx, { ...RAYON, idPath: 'data.id', scope: 'a b' }, by)

    const patched = await patchProvider(ctx, 'rayon', { title: 'Город', idPath: '' }, by)

    expect(patched).toMatchObject({
      ok: true,
      platform: { title: 'Город', idPath: undefined, scope: 'a b', clientSecret: 'hush' },
    })
    expect(ctx.providers.get('rayon').title).toBe('Город')
  })

  test('of patches made at once none is lost without a word', async () => {
    const { ctx, by } = await open(engine)
    await addProvider(ctx, RAYON, by)

    const results = await atOnce(5, (n) => patchProvider(ctx, 'rayon', { title: `Город ${n}` }, by))
    const { revision = 0 } = (await ctx.customProviders.find('rayon')) ?? {}

    expect(results.filter(({ ok }) => ok)).toHaveLength(revision - 1)
  })

  test('a patch of the token address alone does not take the secret along', async () => {
    const { ctx, by } = await open(engine)
    await addProvider(ctx, RAYON, by)

    const tokenUrl = 'https://thief.example/token'
    const patched = await patchProvider(ctx, 'rayon', { tokenUrl }, by)

    expect(patched).toEqual({ ok: false, faults: { clientSecret: 'secret_again' } })
  })

  test('a client that needs no secret keeps none', async () => {
    const { ctx, by } = await open(engine)
    await addProvider(ctx, RAYON, by)

    await patchProvider(ctx, 'rayon', { clientAuth: 'none' }, by)
    const back = await patchProvider(ctx, 'rayon', { clientAuth: 'basic' }, by)

    expect(await ctx.customProviders.find('rayon')).toMatchObject({ hasSecret: false })
    expect(back).toEqual({ ok: false, faults: { clientSecret: 'required' } })
  })

  test('what is not there cannot be changed, a platform of the list neither', async () => {
    const { ctx, by } = await open(engine)

    await expect(replaceProvider(ctx, 'rayon', RAYON, by)).rejects.toThrow(NotFound)
    await expect(patchProvider(ctx, 'vk', {}, by)).rejects.toThrow(NotFound)
  })
})

async function open(engine: (typeof ENGINES)[number]): Promise<{ ctx: Context; by: number }> {
  const ctx = await openContext(engine)
  return { ctx, by: (await addPerson(ctx)).id }
}
