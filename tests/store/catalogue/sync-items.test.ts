import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/databases.ts'
import { addPair, openPair, product } from './sync-scene.ts'

/** No number, though it looks like one: what is read is what was written. */
const ODD = '090071992547409930071e5'

const card = (productId: string, itemId = ODD) => ({
  productId,
  itemId,
  sent: { title: 'a'.repeat(16), hidden: 'b'.repeat(16) },
  ways: { stock: { shown: null, times: 2 } },
  photo: 'own:1',
  photoHash: 'b'.repeat(64),
  albumId: '007',
})

describe.each(ENGINES)('Products and their cards on %s', (engine) => {
  test('a listing adds, changes and counts misses, and touches no card', async () => {
    const { ctx, link } = await openPair(engine)
    const save = (ids: string[], misses: [string, number][] = []) =>
      ctx.syncItems.saveListing(link.id, {
        changed: ids.map((id) => product(id)),
        misses: new Map(misses),
      })
    await save(['1', '2', '3'])
    await ctx.syncItems.saveLinks(link.id, [card('1')])
    await save(
      [],
      [
        ['1', 1],
        ['2', 2],
      ],
    )

    const missed = await ctx.syncItems.known(link.id)
    await ctx.syncItems.saveListing(link.id, {
      changed: [product('1', { price: 1, image: { url: 'https://x', version: '2' } })],
      misses: new Map([['2', 0]]),
    })

    expect(missed).toEqual([
      { product: product('1'), misses: 1, linked: card('1') },
      { product: product('2'), misses: 2, linked: undefined },
      { product: product('3'), misses: 0, linked: undefined },
    ])
    const [first, second] = await ctx.syncItems.known(link.id)
    expect(first).toMatchObject({ product: { price: 1 }, misses: 0, linked: card('1') })
    expect(second?.misses).toBe(0)
  })

  test('a catalogue larger than a page is kept and read whole, in order', async () => {
    const { ctx, link } = await openPair(engine)
    const ids = Array.from({ length: 1_234 }, (_, n) => `p${n}`)
    const changed = ids.map((id) => product(id))

    await ctx.syncItems.saveListing(link.id, { changed, misses: new Map() })
    await ctx.syncItems.saveListing(link.id, {
      changed: [],
      misses: new Map(ids.map((id) => [id, 1])),
    })

    const known = await ctx.syncItems.known(link.id)
    expect(known.map((one) => one.product.id)).toEqual(ids)
    expect(known.every(({ misses }) => misses === 1)).toBe(true)
    expect(await ctx.syncItems.count(link.id)).toBe(ids.length)
    const sizes: number[] = []
    for await (const page of ctx.syncItems.knownPages(link.id)) sizes.push(page.length)
    expect(sizes).toEqual([200, 200, 200, 200, 200, 200, 34])
  })

  test('cards are told apart by their numbers, forgotten one by one or all together', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const other = await addPair(ctx, userId, { communityId: '1' })
    for (const { id } of [link, other]) {
      const changed = [product('1'), product('2')]
      await ctx.syncItems.saveListing(id, { changed, misses: new Map() })
      await ctx.syncItems.saveLinks(id, [card('1'), { productId: '2', itemId: '2' }])
    }

    await ctx.syncItems.setAlbumOf(link.id, ['1', '2'], undefined)
    await ctx.syncItems.unlink(link.id, ['2'])

    const known = await ctx.syncItems.of(link.id, ['1', '2', '3'])
    expect(known.get('1')?.linked).toEqual({ ...card('1'), albumId: undefined })
    expect(known.get('2')?.linked).toBeUndefined()
    expect([...known.keys()].sort()).toEqual(['1', '2'])
    await ctx.syncItems.unlinkAll(link.id)
    expect((await ctx.syncItems.known(link.id)).map(({ linked }) => linked)).toEqual([
      undefined,
      undefined,
    ])
    await ctx.syncItems.forget(link.id, ['1'])
    expect(await ctx.syncItems.count(link.id)).toBe(1)
    await ctx.syncItems.forgetAll(link.id)
    expect(await ctx.syncItems.count(link.id)).toBe(0)
    expect((await ctx.syncItems.of(other.id, ['1'])).get('1')?.linked).toEqual(card('1'))
  })

  test('groups are listed whole: albums of those that stay are kept', async () => {
    const { ctx, link } = await openPair(engine)
    const roses = { id: 'roses', name: 'Розы', attributes: [] }
    const tulips = { id: 'tulips', parentId: 'roses', name: 'Тюльпаны', attributes: [] }
    await ctx.syncItems.saveGroups(link.id, [roses, tulips])
    await ctx.syncItems.setAlbum(link.id, { groupId: 'roses', albumId: ODD, title: 'Розы' })
    await ctx.syncItems.setAlbum(link.id, { groupId: 'tulips', albumId: '7', title: 'Тюльпаны' })

    await ctx.syncItems.saveGroups(link.id, [{ ...roses, name: 'Розы и пионы' }])
    const renamed = await ctx.syncItems.groups(link.id)
    await ctx.syncItems.saveGroups(link.id, [])

    expect(renamed.groups).toEqual([{ ...roses, name: 'Розы и пионы' }])
    expect(renamed.albumOf).toEqual(new Map([['roses', ODD]]))
    expect(renamed.titles).toEqual(new Map([[ODD, 'Розы']]))
    expect((await ctx.syncItems.groups(link.id)).groups).toEqual([])
  })
})
