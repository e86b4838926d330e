import { describe, expect, test } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { ClientGone } from '../../../app/errors.ts'
import { keepPhoto, UNPACKINGS } from '../../../app/flows/catalogue/keep-photo.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { MOST_PHOTOS } from '../../../app/store/photos.ts'
import { painted } from '../../support/pictures.ts'
import { addPerson, openContext } from '../context.ts'

describe('A picture an owner sends', () => {
  test('is known by its bytes: the same file is not unpacked again', async () => {
    const { ctx, user, bytes } = await open()
    const first = await keepPhoto(ctx, user.id, { name: 'роза.png', bytes })
    await unpack(ctx, user.id, UNPACKINGS.most)

    for (let times = 0; times < 10; times += 1)
      expect(await keepPhoto(ctx, user.id, { name: 'другая.png', bytes })).toEqual(first)

    expect(await ctx.photos.list(user.id)).toHaveLength(1)
  })

  test('is not looked at when there is no room for one more', async () => {
    const { ctx, user } = await open()
    await fill(ctx, user.id)

    const broken = await keepPhoto(ctx, user.id, { name: 'a', bytes: Buffer.from('<html>') })

    expect(broken).toEqual({ refusal: { code: 'photo_too_many', values: { n: MOST_PHOTOS } } })
  })

  test('takes the room of those that stand in no settings any more', async () => {
    const { ctx, user, bytes } = await open()
    await fill(ctx, user.id)
    const [first, second, third] = await ctx.photos.list(user.id)
    if (!first || !second || !third) throw new Error('no photos')
    const settings = readSettings({ photoId: first.id, photos: { roses: second.id } })
    await ctx.syncLinks.add(user.id, ROUTE, settings)
    await ctx
      .db('sync_photos')
      .whereNot({ id: third.id })
      .update({ created_at: new Date(0) })

    expect(await keepPhoto(ctx, user.id, { name: 'a.png', bytes })).toHaveProperty('photo')

    const left = (await ctx.photos.list(user.id)).map(({ id }) => id)
    expect(left.slice(0, 3)).toEqual([first.id, second.id, third.id])
    expect(left).toHaveLength(4)
  })

  test('nor when so many were looked at within the hour; others are not in the way', async () => {
    const { ctx, user, bytes } = await open()
    const other = await addPerson(ctx, 'oleg')
    await unpack(ctx, user.id, UNPACKINGS.most - 2)
    for (let n = 0; n < 2; n += 1)
      await keepPhoto(ctx, user.id, { name: 'a', bytes: Buffer.from(`<html>${n}`) })

    const late = await keepPhoto(ctx, user.id, { name: 'a', bytes })

    expect(late).toMatchObject({ refusal: { code: 'photo_too_often' } })
    expect(await keepPhoto(ctx, other.id, { name: 'a', bytes })).toHaveProperty('photo')
  })

  test('that was too large for the form is told so', async () => {
    const { ctx, user } = await open()

    const kept = await keepPhoto(ctx, user.id, { name: 'a' })

    expect(kept).toMatchObject({ refusal: { code: 'photo_too_large' } })
  })

  test('of somebody who has left is not kept', async () => {
    const { ctx, user, bytes } = await open()

    const kept = keepPhoto(ctx, user.id, { name: 'a', bytes }, AbortSignal.abort(new ClientGone()))

    await expect(kept).rejects.toBeInstanceOf(ClientGone)
    expect(await ctx.photos.list(user.id)).toEqual([])
  })
})

const ROUTE = { source: 'evotor', storeId: 'lavka', storeName: 'Лавка' }

/** As if so many had been unpacked within the hour. */
async function unpack({ limits }: Context, userId: number, times: number) {
  for (let n = 0; n < times; n += 1) await limits.hit(UNPACKINGS, String(userId))
}

async function open() {
  const ctx = await openContext('sqlite')
  const user = await addPerson(ctx)
  return { ctx, user, bytes: await painted(500, 500).png().toBuffer() }
}

async function fill({ photos }: Awaited<ReturnType<typeof openContext>>, userId: number) {
  for (let n = 0; n < MOST_PHOTOS; n += 1)
    await photos.save(userId, {
      ...{ name: 'a.jpg', jpeg: Buffer.from([n]), width: 400, height: 400, hash: String(n) },
    })
}
