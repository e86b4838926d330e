import { USUAL } from '../../../app/pictures/frame.ts'
import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { createPictures } from '../../../app/flows/catalogue/load-picture.ts'
import { painted } from '../../support/pictures.ts'
import { addPerson, openContext } from '../context.ts'

const IMAGE = { url: 'https://till.example/1.png', version: '1' }

describe('The picture of a card', () => {
  test('is the owner’s, as it is kept', async () => {
    const { pictureOf, add } = await open()

    expect(await pictureOf({ photo: `own:${await add(5)}` })).toMatchObject({
      picture: { hash: '5', jpeg: Buffer.from([5]) },
    })
  })

  test('is the till’s, enlarged', async () => {
    const { pictureOf } = await open()

    const found = await pictureOf({ photo: 'till:1', image: IMAGE })

    expect(found).toMatchObject({ picture: { width: 400, height: 400 } })
  })

  test.each([
    ['the owner has removed it', { photo: 'own:8' }],
    ['the number is none', { photo: 'own:x' }],
    ['the number is larger than any', { photo: 'own:99999999999999' }],
    ['the till has none any more', { photo: 'till:1' }],
    ['the key is of another kind', { photo: 'elsewhere:1', image: IMAGE }],
  ])('is missing when %s', async (_name, question) => {
    const { pictureOf } = await open()

    expect(await pictureOf(question)).toEqual({ reason: { code: 'no_photo' } })
  })

  test.each([
    ['gone', 'photo_missing'],
    ['huge', 'photo_too_large'],
    ['inward', 'photo_elsewhere'],
  ])('of the till’s that is %s is told as such', async (url, code) => {
    const { pictureOf } = await open()

    const found = await pictureOf({ photo: 'till:1', image: { ...IMAGE, url } })

    expect(found).toMatchObject({ reason: { code } })
  })

  test('of the owner’s is redrawn for a shop that wants another frame', async () => {
    const { ctx, user, fetch } = await open()
    const jpeg = await painted(400, 400).jpeg().toBuffer()
    const photo = `own:${(await ctx.photos.save(user.id, { ...stored(1), jpeg })).id}`
    const frame = { ...USUAL, shortest: 600 }
    const inShop = createPictures(ctx, { userId: user.id, fetch, frame })

    expect(await inShop({ photo })).toMatchObject({ picture: { width: 600, height: 600 } })
  })

  test('is unpacked once for the same bytes at many addresses', async () => {
    const { pictureOf } = await open()
    const at = (url: string) => pictureOf({ photo: `till:${url}`, image: { url, version: url } })

    const [first, second] = [await at('a'), await at('b')]

    if (!('picture' in first && 'picture' in second)) throw new Error('no picture')
    expect(second.picture).toBe(first.picture)
  })

  test('of somebody else is missing', async () => {
    const { ctx, pictureOf } = await open()
    const other = await addPerson(ctx, 'oleg')
    const { id } = await ctx.photos.save(other.id, stored(1))

    expect(await pictureOf({ photo: `own:${id}` })).toEqual({ reason: { code: 'no_photo' } })
  })

  test('that does not open is told', async () => {
    const { pictureOf } = await open()

    const found = await pictureOf({ photo: 'till:1', image: { ...IMAGE, url: 'broken' } })

    expect(found).toMatchObject({ reason: { code: 'photo_unreadable' } })
  })

  test('that cannot be fetched just now holds up its own card only', async () => {
    const { pictureOf } = await open()

    const found = await pictureOf({ photo: 'till:1', image: { ...IMAGE, url: 'down' } })

    expect(found).toEqual({ reason: { code: 'photo_unreachable' } })
  })

  test('of a till that lets us in no more ends the run', async () => {
    const { pictureOf } = await open()

    const found = pictureOf({ photo: 'till:1', image: { ...IMAGE, url: 'shut' } })

    await expect(found).rejects.toMatchObject({ code: 'token_revoked' })
  })

  test('is not fetched again for the next card', async () => {
    const { pictureOf, fetched } = await open()

    for (let times = 0; times < 5; times += 1) await pictureOf({ photo: 'till:1', image: IMAGE })

    expect(fetched).toEqual([IMAGE.url])
  })
})

describe('The last pictures are remembered', () => {
  test('eight of them, those wanted last', async () => {
    const { ctx, user, pictureOf, add } = await open()
    const ids: number[] = []
    for (let number = 0; number < 9; number += 1) ids.push(await add(number))
    const [first = 0, second = 0, ...others] = ids
    const last = others.pop() ?? 0

    for (const id of [first, second, ...others, first, last])
      await pictureOf({ photo: `own:${id}` })
    for (const id of ids) await ctx.photos.remove(user.id, id)

    const found = await Promise.all(ids.map((id) => pictureOf({ photo: `own:${id}` })))
    expect(found.map((one) => 'picture' in one)).toEqual(ids.map((id) => id !== second))
  })

  test('fewer when they are large', async () => {
    const { ctx, user, pictureOf, add } = await open()
    const six = 6 * 1024 * 1024
    const ids = [await add(1, six), await add(2, six), await add(3, six)]

    for (const id of ids) await pictureOf({ photo: `own:${id}` })
    for (const id of ids) await ctx.photos.remove(user.id, id)

    const found = await Promise.all(ids.map((id) => pictureOf({ photo: `own:${id}` })))
    expect(found.map((one) => 'picture' in one)).toEqual([false, true, true])
  })
})

const stored = (number: number, bytes = 1) => ({
  name: 'a.jpg',
  jpeg: Buffer.alloc(bytes, number),
  width: 400,
  height: 400,
  hash: String(number),
})

const FAULTS: Partial<Record<string, string>> = {
  gone: 'image_missing',
  huge: 'image_too_large',
  inward: 'image_elsewhere',
}

/** An owner, and a till whose pictures are as their addresses say. */
async function open() {
  const ctx = await openContext('sqlite')
  const user = await addPerson(ctx)
  const fetched: string[] = []
  const fetch = async ({ url }: { url: string }) => {
    fetched.push(url)
    const fault = FAULTS[url]
    if (fault) throw new ProviderError(url, { code: fault, kind: 'permission' })
    if (url === 'shut') throw new ProviderError(url, { code: 'token_revoked', kind: 'dead' })
    if (url === 'down') throw new ProviderError(url, { code: 'timeout', kind: 'temporary' })
    return url === 'broken' ? Buffer.from('<html>') : await painted(300, 300).png().toBuffer()
  }
  return {
    ctx,
    user,
    fetch,
    fetched,
    pictureOf: createPictures(ctx, { userId: user.id, fetch, frame: USUAL }),
    add: async (number: number, bytes?: number) =>
      (await ctx.photos.save(user.id, stored(number, bytes))).id,
  }
}
