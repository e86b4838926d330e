import { describe, expect, test } from 'vitest'
import { type Answering, ok, refused, shopAt } from './vk-shop.ts'

const JPEG = new Uint8Array([0xff, 0xd8, 0xff])
const pictures = (n: number) => Array.from({ length: n }, () => JPEG)
const RECEIPT = '{"sha":"1",  "server":"1"}'

describe('pictures', () => {
  test('go five in a request, to one address', async () => {
    const { shop, sent } = shopAt(vk())

    expect(await shop.upload(pictures(7))).toEqual(['1', '2', '3', '4', '5', '1', '2'])
    expect(sent.map(({ method, form }) => form.names ?? method)).toEqual([
      'market.getProductPhotoUploadServer',
      'file1,file2,file3,file4,file5',
      'market.saveProductPhotoBulk',
      'file1,file2',
      'market.saveProductPhotoBulk',
    ])
    expect(sent[0]?.form).toMatchObject({ group_id: '100', bulk: '1' })
  })

  test('have their receipt handed on to the letter', async () => {
    const { shop, sent } = shopAt(vk())

    await shop.upload(pictures(2))

    expect(sent[2]?.form.upload_response).toBe(RECEIPT)
  })

  test('by themselves take the single way', async () => {
    const { shop, sent } = shopAt(vk())

    expect(await shop.upload(pictures(1))).toEqual(['1'])
    expect(sent.map(({ method, form }) => form.names ?? method)).toEqual([
      'market.getProductPhotoUploadServer',
      'file',
      'market.saveProductPhoto',
    ])
  })

  test('that are not taken together go singly, from then on', async () => {
    const good = vk()
    const { shop, sent } = shopAt((one, nth) =>
      one.method === 'market.saveProductPhotoBulk' ? refused(3) : good(one, nth),
    )

    await shop.upload(pictures(2))
    const before = sent.length
    expect(await shop.upload(pictures(2))).toEqual(['1', '1'])

    expect(sent.slice(before).map(({ method, form }) => form.names ?? method)).toEqual([
      'file',
      'market.saveProductPhoto',
      'file',
      'market.saveProductPhoto',
    ])
  })

  test('get a new address when the old one answers nonsense', async () => {
    const good = vk()
    let broken = 2
    const { shop, sent } = shopAt((one, nth) =>
      one.form.names && (broken -= 1) >= 0 ? '<html>' : good(one, nth),
    )

    expect(await shop.upload(pictures(1))).toEqual(['1'])
    expect(
      sent.filter(({ method }) => method === 'market.getProductPhotoUploadServer'),
    ).toHaveLength(3)
  })

  test('are given up after five tries', async () => {
    const good = vk()
    const { shop, sent } = shopAt((one, nth) =>
      one.form.names ? '{"error_code":5,"error_msg":"bad image"}' : good(one, nth),
    )

    await expect(shop.upload(pictures(1))).rejects.toMatchObject({
      code: 'photo_refused',
      scope: 'item',
      values: { message: 'bad image' },
    })
    expect(sent.filter(({ form }) => form.names)).toHaveLength(5)
  })

  test('wait in a flood', async () => {
    const { shop, sent } = shopAt(() => refused(9))

    await expect(shop.upload(pictures(2))).rejects.toMatchObject({ scope: 'pause' })
    expect(sent).toHaveLength(1)
  })
})

/** A VK that takes everything. */
function vk(): Answering {
  let last = 0
  return ({ method, form }) => {
    if (form.names) last = form.names.split(',').length
    if (form.names) return RECEIPT
    if (method === 'market.getProductPhotoUploadServer')
      return ok({ upload_url: 'https://pu.vk.com/gu-s/photo/v2/upload?token=t1' })
    if (method === 'market.saveProductPhoto') return ok({ photo_id: 1 })
    return ok(Array.from({ length: last }, (_photo, at) => ({ photo_id: at + 1 })))
  }
}
