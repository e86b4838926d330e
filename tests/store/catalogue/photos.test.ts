import { describe, expect, test } from 'vitest'
import { keepPhoto } from '../../../app/flows/catalogue/keep-photo.ts'
import type { Picture } from '../../../app/pictures/index.ts'
import { MOST_PHOTOS } from '../../../app/store/photos.ts'
import { ENGINES } from '../../support/databases.ts'
import { painted } from '../../support/pictures.ts'
import { countAsked } from '../../support/statements.ts'
import { addPerson, atOnce, openContext } from '../context.ts'

describe.each(ENGINES)('Photos of owners on %s', (engine) => {
  test('are kept as they came', async () => {
    const { ctx, user } = await open()

    const saved = await ctx.photos.save(user.id, { name: 'Букет.png', ...picture('1') })

    expect(saved).toMatchObject({ name: 'Букет.png', width: 640, height: 480 })
    expect(saved.createdAt.getTime()).toBeGreaterThan(Date.now() - 10_000)
    expect(await ctx.photos.find(user.id, saved.id)).toEqual(saved)
    expect(await ctx.photos.list(user.id)).toEqual([saved])
    expect(await ctx.photos.picture(user.id, saved.id)).toEqual(picture('1'))
  })

  test('the same picture sent many times at once is one', async () => {
    const { ctx, user } = await open()

    const saved = await atOnce(5, (n) =>
      ctx.photos.save(user.id, { name: `${n}.jpg`, ...picture('1') }),
    )

    expect(new Set(saved.map(({ id }) => id)).size).toBe(1)
    expect(await ctx.photos.list(user.id)).toHaveLength(1)
  })

  test('are nobody else’s', async () => {
    const { ctx, user } = await open()
    const { id } = await ctx.photos.save(user.id, { name: 'a.jpg', ...picture('1') })
    const other = await addPerson(ctx, 'oleg')

    expect(await ctx.photos.find(other.id, id)).toBeUndefined()
    expect(await ctx.photos.picture(other.id, id)).toBeUndefined()
    expect(await ctx.photos.remove(other.id, id)).toBe(false)
    expect(await ctx.photos.list(other.id)).toEqual([])
    expect((await ctx.photos.save(other.id, { name: 'b', ...picture('1') })).id).not.toBe(id)
  })

  test('go when they are removed, and with their owner', async () => {
    const { ctx, user } = await open()
    const first = await ctx.photos.save(user.id, { name: 'a.jpg', ...picture('1') })
    await ctx.photos.save(user.id, { name: 'b.jpg', ...picture('2') })

    expect(await ctx.photos.remove(user.id, first.id)).toBe(true)
    expect((await ctx.photos.list(user.id)).map(({ name }) => name)).toEqual(['b.jpg'])
    await ctx.db('users').where({ id: user.id }).delete()
    expect(await ctx.db('sync_photos').select('id')).toEqual([])
  })

  test('many are forgotten a few at a time, and nobody else’s', async () => {
    const { ctx, user } = await open()
    const other = await addPerson(ctx, 'oleg')
    await ctx.photos.save(other.id, { name: 'b.jpg', ...picture('1') })
    for (const nth of ['1', '2', '3', '4', '5'])
      await ctx.photos.save(user.id, { name: `${nth}.jpg`, ...picture(nth) })

    const asked = await countAsked(ctx, () => ctx.photos.forgetAll(user.id))

    expect(asked.statements.length).toBeGreaterThan(2)
    expect(asked.synced).toBe(0) // whoever goes is waited for
    expect(await ctx.photos.list(user.id)).toEqual([])
    expect(await ctx.photos.list(other.id)).toHaveLength(1)
  })

  test('one too many is refused, one that is there is not', async () => {
    const { ctx, user } = await open()
    const { hash, ...rest } = picture('0')
    const rows = Array.from({ length: MOST_PHOTOS }, (_, n) => ({
      user_id: user.id,
      name: 'a',
      hash: n === 0 ? hash : String(n),
      ...rest,
      created_at: new Date(),
    }))
    await ctx.db.batchInsert('sync_photos', rows, 100)

    await expect(ctx.photos.save(user.id, { name: 'b', ...picture('1') })).rejects.toMatchObject({
      code: 'photo_too_many',
      values: { n: MOST_PHOTOS },
    })
    expect(await ctx.photos.save(user.id, { name: 'b', ...picture('0') })).toMatchObject({ hash })
  })

  test('are made ready for a shop; their names are only names', async () => {
    const { ctx, user } = await open()
    const bytes = await painted(600, 500).png().toBuffer()
    const small = await painted(60, 50).png().toBuffer()
    const name = `Роза\0\n \ud800${'ы'.repeat(300)}`

    expect(await keepPhoto(ctx, user.id, { name, bytes })).toMatchObject({
      photo: { name: `Роза ${'ы'.repeat(247)}`, width: 600, height: 500 },
    })
    expect(await keepPhoto(ctx, user.id, { name: '', bytes: small })).toEqual({
      refusal: { code: 'photo_too_small', values: { w: 60, h: 50 } },
    })
    expect(await ctx.photos.list(user.id)).toHaveLength(1)
  })

  async function open() {
    const ctx = await openContext(engine)
    return { ctx, user: await addPerson(ctx) }
  }
})

const picture = (hash: string): Picture => ({
  jpeg: Buffer.from([0, 255, 1]),
  width: 640,
  height: 480,
  hash: hash.repeat(64),
})
