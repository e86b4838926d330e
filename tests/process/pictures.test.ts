import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { toJpeg } from '../../app/pictures/index.ts'
import { claiming, painted, UNPACKED } from '../support/pictures.ts'

describe('A picture is known by its content', () => {
  test.each(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const)(
    '%s is taken',
    async (format) => {
      const picture = await toJpeg(await painted(600, 800).toFormat(format).toBuffer())

      expect(picture).toMatchObject({ width: 600, height: 800 })
      expect(await sharp(picture.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 600 })
      expect(await colourAt(picture.jpeg, 300, 400)).toEqual('red')
    },
  )

  test.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"/>')],
    ['HTML', Buffer.from('<!doctype html><img src="x.jpg">')],
    ['PDF', Buffer.from('%PDF-1.7\n1 0 obj\n')],
    ['nothing at all', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5000)],
  ])('%s is not', async (_name, bytes) => {
    await expect(toJpeg(bytes)).rejects.toMatchObject({ code: 'photo_unreadable' })
  })

  test('nor is a JPEG 2000 or anything else the decoder may know', async () => {
    const jp2 = Buffer.from('0000000c6a5020200d0a870a00000014667479706a703220', 'hex')

    await expect(toJpeg(jp2)).rejects.toMatchObject({ code: 'photo_unreadable' })
  })

  test.each(['jpeg', 'png', 'gif', 'webp'] as const)('half of a %s is not', async (format) => {
    const whole = await painted(420, 420, { noise: true }).toFormat(format, QUICKLY).toBuffer()

    const half = toJpeg(whole.subarray(0, whole.length / 2))

    await expect(half).rejects.toMatchObject({ code: 'photo_unreadable' })
  })

  test('one that claims to be larger than any camera makes them is not unpacked', async () => {
    await expect(toJpeg(claiming(30_000, 30_000))).rejects.toMatchObject({
      code: 'photo_too_many_pixels',
    })
  })
})

describe('What has to be unpacked whole', () => {
  test.each([
    ['an interlaced PNG', () => painted(4001, 4000).png({ progressive: true })],
    ['a progressive JPEG', () => painted(4001, 4000).jpeg({ progressive: true })],
    ['a WebP', () => painted(4001, 4000).webp(QUICKLY)],
    ['a GIF', () => painted(4001, 4000).gif({ ...QUICKLY, colours: 2 })],
  ])('is refused earlier: %s', async (_name, picture) => {
    const refused = toJpeg(await picture().toBuffer())

    await expect(refused).rejects.toMatchObject({
      code: 'photo_too_many_pixels',
      values: { mp: 17 },
    })
  })

  test('the same from the top to the bottom is taken', async () => {
    expect(await toJpeg(await painted(4001, 4000).png().toBuffer())).toMatchObject({ width: 2560 })
  })
})

describe('Work nobody waits for', () => {
  test('does not begin', async () => {
    const large = await painted(2500, 2000, { noise: true }).jpeg().toBuffer()
    await toJpeg(large) // the process that unpacks is there
    const one = performance.now()
    await toJpeg(large)
    const each = performance.now() - one
    const gone = new AbortController()

    const begun = performance.now()
    const first = toJpeg(large)
    const others = Array.from({ length: 40 }, () => toJpeg(large, { signal: gone.signal }))
    gone.abort(new Error('gone'))
    const ends = await Promise.allSettled(others)
    await first

    expect(ends.every(({ status }) => status === 'rejected')).toBe(true)
    expect(performance.now() - begun).toBeLessThan(each * 20)
  })

  test('is not done again for bytes that were refused', async () => {
    const broken = (await painted(3000, 3000, { noise: true }).jpeg().toBuffer()).subarray(0, -2000)
    const refuse = async () => {
      const begun = performance.now()
      await expect(toJpeg(broken)).rejects.toMatchObject({ code: 'photo_unreadable' })
      return performance.now() - begun
    }
    const unpacked = await refuse()

    let again = 0
    for (let times = 0; times < 20; times += 1) again += await refuse()

    expect(again).toBeLessThan(10 * unpacked)
  })
})

describe('The size', () => {
  test('of a small one is told', async () => {
    const small = await painted(399, 300).png().toBuffer()

    await expect(toJpeg(small)).rejects.toMatchObject({
      code: 'photo_too_small',
      values: { w: 399, h: 300 },
    })
  })

  test('a shop may want another frame', async () => {
    const frame = { shortest: 500, longest: 1000, narrowest: 1 }
    const drawn = async (width: number, height: number) => {
      const bytes = await painted(width, height).png().toBuffer()
      const picture = await toJpeg(bytes, { frame })
      return [picture.width, picture.height]
    }

    expect(await drawn(1500, 600)).toEqual([1000, 1000])
    expect(await drawn(600, 500)).toEqual([600, 600])
    await expect(drawn(450, 450)).rejects.toMatchObject({ code: 'photo_too_small' })
  })

  test.each([
    ['300×300 of a till is enlarged', [300, 300], [400, 400]],
    ['300×100 is enlarged and gets white', [300, 100], [400, 400]],
    ['400×400 stays', [400, 400], [400, 400]],
    ['1000×750 stays', [1000, 750], [1000, 750]],
    ['1280×1700 stays', [1280, 1700], [1280, 1700]],
    ['5000×4000 is made smaller', [5000, 4000], [2560, 2048]],
    ['a panorama of 4000×300 gets white', [4000, 300], [2560, 1280]],
    ['a ribbon of 20×3000 as well', [20, 3000], [1280, 2560]],
    ['a line of 5000×1', [5000, 1], [2560, 1280]],
  ] as const)('%s', async (_name, [width, height], [wanted, high]) => {
    const picture = await toJpeg(await painted(width, height).png().toBuffer(), { upscale: true })

    expect([picture.width, picture.height]).toEqual([wanted, high])
  })

  test('a panorama is whole, in the middle of white', async () => {
    const { jpeg } = await toJpeg(await painted(4000, 300).png().toBuffer())

    expect(await colourAt(jpeg, 1280, 640)).toBe('red')
    expect([await colourAt(jpeg, 5, 640), await colourAt(jpeg, 2554, 640)]).toEqual(['red', 'red'])
    expect([await colourAt(jpeg, 5, 5), await colourAt(jpeg, 2554, 1274)]).toEqual([
      'white',
      'white',
    ])
  })
})

test('what is transparent becomes white', async () => {
  const glass = sharp({ create: { width: 500, height: 500, channels: 4, background: '#0000' } })

  const { jpeg } = await toJpeg(await glass.png().toBuffer())

  expect(await colourAt(jpeg, 250, 250)).toBe('white')
})

test('a photo lying on its side is turned, and nothing is left of where it was made', async () => {
  const exif = { IFD0: { Make: 'Canary', ImageDescription: 'secret-place' } }
  const half = painted(800, 250).extend({ bottom: 250, background: 'white' })
  const lying = half.withExif(exif).withMetadata({ orientation: 6 })
  const bytes = await lying.jpeg().toBuffer()

  const { jpeg, width, height } = await toJpeg(bytes)

  expect([width, height]).toEqual([500, 800])
  expect([await colourAt(jpeg, 400, 50), await colourAt(jpeg, 100, 50)]).toEqual(['red', 'white'])
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 800, orientation: 6 })
  const { exif: left, icc, xmp, orientation } = await sharp(jpeg).metadata()
  expect([left, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined])
})

test('a photo in the colours of a printer is taken', async () => {
  const printed = await painted(500, 500).toColourspace('cmyk').jpeg().toBuffer()

  const { jpeg } = await toJpeg(printed)

  expect(await sharp(jpeg).metadata()).toMatchObject({ space: 'srgb', channels: 3 })
})

test('the same picture gives the same bytes', async () => {
  const png = await painted(500, 400, { noise: true }).png().toBuffer()

  const [first, second] = [await toJpeg(png), await toJpeg(png)]

  expect(first.hash).toMatch(/^[\da-f]{64}$/)
  expect(second).toEqual(first)
})

test('several at once do not spoil one another', async () => {
  const png = await painted(2, 2).png().toBuffer()
  const refused: unknown[] = []
  async function row() {
    for (let n = 0; n < 50; n += 1)
      await toJpeg(png, { upscale: true }).catch((error: unknown) => refused.push(error))
  }
  await Promise.all(Array.from({ length: 12 }, row))

  expect(refused).toEqual([])
})

test('twenty one after the other do not pile up', async () => {
  const large = await painted(2500, 2000, { noise: true }).jpeg().toBuffer()
  await toJpeg(large)
  const before = process.memoryUsage().rss

  for (let times = 0; times < 20; times += 1) await toJpeg(large)

  expect((process.memoryUsage().rss - before) / UNPACKED).toBeLessThan(8)
})

/** For the test's own packing: it is the unpacking that is looked at. */
const QUICKLY = { effort: 1 }

/** `red` or `white`, as a person would call it. */
async function colourAt(jpeg: Uint8Array, left: number, top: number): Promise<string> {
  const point = sharp(jpeg).extract({ left, top, width: 1, height: 1 })
  const [red = 0, green = 0, blue = 0] = await point.raw().toBuffer()
  if (red > 240 && green > 240 && blue > 240) return 'white'
  return red > 150 && green < 100 && blue < 100 ? 'red' : `${red},${green},${blue}`
}
