import { describe, expect, test } from 'vitest'
import { endingOf } from '../../../app/catalogue/sku.ts'
import { readAnswer } from '../../../app/providers/ok/answers.ts'
import { parted, withArticle } from '../../../app/providers/ok/article.ts'
import { attachmentOf, readCard, withEmptyAlbums } from '../../../app/providers/ok/cards.ts'
import { refusalOf } from '../../../app/providers/ok/errors.ts'
import { MEANINGS } from '../../../app/providers/ok/meanings.ts'
import { ok } from '../../../app/providers/ok/index.ts'
import { isLong, prolonged, withEnds } from '../../../app/providers/ok/life.ts'
import { md5, signatureOf, signed } from '../../../app/providers/ok/sign.ts'
import { type Status, wantedStatus, wayTo } from '../../../app/providers/ok/status.ts'
import { isSyncCode } from '../../../app/texts/catalogue.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const inDays = (days: number) => new Date(NOW.getTime() + days * 24 * 3600_000)

describe('the signature of a call', () => {
  const app = { publicKey: 'ABCDEFGHIGKLMNOPK', secret: 'ABC123DEF456GHI789JKL123' }
  const accessToken = '-s-84W-s3egarWUsbkq-IWTucuedzTKT8VUXIA.s4Xx8IW7'

  test('is that of a public client', () => {
    const params = { method: 'events.get', format: 'json', application_key: app.publicKey }

    expect(signatureOf(params, md5(accessToken + app.secret))).toBe(
      '232c8eb921951c4dba9b72606f9ddb4c',
    )
  })

  test('goes with everything else in the body, and the token is not signed', () => {
    const request = { url: 'https://api.ok.ru/fb.do', query: { b: '2' }, form: { method: 'x' } }

    const { form = {}, ...rest } = signed(app, request, { accessToken })

    expect(rest).toEqual({ url: request.url, method: 'POST' })
    const { sig, access_token, ...others } = form
    expect(access_token).toBe(accessToken)
    expect(others).toEqual({
      ...{ b: '2', method: 'x', application_key: app.publicKey, format: 'json' },
    })
    expect(sig).toBe(signatureOf(others, md5(accessToken + app.secret)))
  })
})

describe('the life of a session', () => {
  const granted = { accessToken: 'a', refreshToken: 'r', carried: {} }

  test('is half an hour, and thirty days of renewing', () => {
    const expiresAt = new Date(NOW.getTime() + 1_800_000)

    expect(withEnds({ ...granted, expiresAt }, NOW)).toEqual({
      ...{ ...granted, expiresAt, refreshExpiresAt: inDays(30) },
    })
    expect(withEnds(granted, NOW).expiresAt).toEqual(expiresAt) // where OK does not tell
  })

  test('of a renewed one ends when it was to end', () => {
    const tokens = withEnds({ ...granted, refreshExpiresAt: inDays(3) }, NOW)

    expect(tokens.refreshExpiresAt).toEqual(inDays(3))
  })

  test('is thirty days again and again with the right to it', () => {
    const long = withEnds({ ...granted, expiresAt: inDays(30) }, NOW)

    expect(isLong(long)).toBe(true)
    expect(long).toMatchObject({ refreshToken: 'r', expiresAt: inDays(30), renewAt: inDays(15) })
    expect(long.refreshExpiresAt).toBeUndefined()
    expect(prolonged(long, inDays(15))).toMatchObject({
      expiresAt: inDays(45),
      renewAt: inDays(30),
    })
  })

  test('needs no refresh token then', () => {
    const long = withEnds({ accessToken: 'a', carried: {}, expiresAt: inDays(30) }, NOW)

    expect(long.refreshToken).toBe('a')
  })
})

describe('the article of a card', () => {
  const sku = 'A-1 0123456789ab'

  test.each(['Чай', 'Чай\n\nс мятой', '', 'Артикул завода: 5'])(
    'of «%s» is read back as it was written',
    (description) => {
      expect(parted(withArticle(description, sku))).toEqual({ description, sku })
    },
  )

  test.each([
    ['Чай\r\n\r\nАртикул: A-1 0123456789ab', 'Чай'],
    ['Чай Артикул:A-1 0123456789ab', undefined],
    ['Чай\n  Артикул:   A-1 0123456789ab  \nЗвоните!', 'Чай\nЗвоните!'],
    ['Артикул: 7\nЧай\nАртикул: A-1 0123456789ab', 'Артикул: 7\nЧай'],
  ])('in %j', (text, description) => {
    const found = parted(text)

    expect(endingOf(found.sku)).toBe(description === undefined ? undefined : '0123456789ab')
    expect(found.description).toBe(description ?? text)
  })
})

describe('a status', () => {
  test.each<[Parameters<typeof wantedStatus>, Status]>([
    [[{ hidden: false, stock: 5 }, 'ACTIVE', false], 'ACTIVE'],
    [[{ hidden: false, stock: 0 }, 'ACTIVE', false], 'SOLD'],
    [[{ hidden: false, stock: 0 }, 'ACTIVE', true], 'OUT_OF_STOCK'],
    [[{ hidden: false }, 'SOLD', false], 'SOLD'],
    [[{ hidden: false }, 'CLOSED', false], 'ACTIVE'],
    [[{ hidden: false, stock: -1 }, 'SOLD', false], 'ACTIVE'],
    [[{ hidden: true, stock: 0 }, 'SOLD', false], 'CLOSED'],
    [[{ hidden: true }, 'AUTO_CLOSED', false], 'AUTO_CLOSED'],
  ])('for %j is %s', (given, status) => {
    expect(wantedStatus(...given)).toBe(status)
  })

  test('is reached by way of being on sale', () => {
    expect(wayTo('CLOSED', 'SOLD')).toEqual(['ACTIVE', 'CLOSED'])
    expect(wayTo('ACTIVE', 'AUTO_CLOSED')).toEqual(['ACTIVE'])
    expect(wayTo('CLOSED', 'CLOSED')).toEqual([])
  })
})

describe('a card', () => {
  const sale = { type: 'product', product_title: 'Чай', product_status: 'active' }

  test('that tells nothing is there all the same', () => {
    expect(readCard({ id: 1 })?.shown).toEqual({ itemId: '1' })
    expect(readCard({ id: '1', media: [] })?.shown).toEqual({
      ...{ itemId: '1', description: '', sku: '' },
    })
    for (const none of [null, {}, [], 'x', { media: [sale] }])
      expect(readCard(none)).toBeUndefined()
  })

  test.each([
    [10.5, 1050],
    ['24.99', 2499],
    [0, 0],
    [1234567.89, 123456789],
    ['даром', undefined],
    [null, undefined],
  ])('with the price %j costs %s', (product_price_number, price) => {
    const card = readCard({ id: '1', media: [{ ...sale, product_price_number }] })

    expect(card?.shown.price).toBe(price)
  })

  test.each([1, 99, 100, 24_990, 123_456_789, 99_999_999_900])(
    '%d kopecks are sent and read back',
    (price) => {
      const text = attachmentOf(
        { title: 'Чай', description: '', sku: '', price },
        [{ id: 't' }],
        30,
      )
      const { media } = JSON.parse(text) as { media: { type: string; price?: number }[] }

      expect(media.map(({ type }) => type)).toEqual(['text', 'photo', 'product'])
      const product_price_number = media.at(-1)?.price
      expect(readCard({ id: '1', media: [{ ...sale, product_price_number }] })?.shown.price).toBe(
        price,
      )
    },
  )

  test('that is in no catalog says so where others tell of theirs', () => {
    const cards = [{ itemId: '1' }, { itemId: '2', albums: ['7'] }]

    expect(withEmptyAlbums(cards)[0]).toEqual({ itemId: '1', albums: [] })
    expect(withEmptyAlbums(cards.slice(0, 1))).toEqual([{ itemId: '1' }])
  })
})

describe('a refusal', () => {
  test('has words, whatever its number', () => {
    for (const { code, kind } of Object.values(MEANINGS))
      expect(isSyncCode(code) || kind === 'dead', code).toBe(true)
    for (const message of ['photo', 'price', 'catalog', 'anything'])
      expect(isSyncCode(refusalOf({ number: 100, message }).code)).toBe(true)
  })

  test('that nobody knows is about one card', () => {
    expect(refusalOf({ number: 12_345, message: '' })).toMatchObject({
      ...{ scope: 'item', code: 'item_unknown', values: { message: 'ошибка 12345' } },
    })
  })

  test.each([
    [102, 'dead'],
    [10, 'permission'],
    [104, 'configuration'],
    [8, 'temporary'],
    [77_777, 'temporary'],
  ])('%d of the connection itself is %s', (error_code, kind) => {
    const text = JSON.stringify({ error_code, error_msg: 'X', error_data: null })

    expect(() => readAnswer({ status: 200, headers: {}, text })).toThrow(
      expect.objectContaining({ kind }),
    )
  })
})

describe('the application', () => {
  const KEYS = { CLIENT_ID: '1', CLIENT_SECRET: 's', PUBLIC_KEY: 'C' }
  const create = (variables: Record<string, string>) => ok.create(variables, 'https://a.example')

  test('is set up with all of its three values', () => {
    expect(create(KEYS).configured).toBe(true)
    for (const name of Object.keys(KEYS))
      expect(create({ ...KEYS, [name]: '' }).configured).toBe(false)
  })

  test.each(['VALUABLE_ACCESS;GROUP_CONTENT', 'VALUABLE_ACCESS, GROUP_CONTENT'])(
    'asks for its rights however they are written: «%s»',
    (SCOPES) => {
      const start = { redirectUri: 'https://a.example/ok/callback', state: 's' }
      const { url } = create({ ...KEYS, SCOPES }).auth.begin(start)

      expect(url.searchParams.get('scope')).toBe('VALUABLE_ACCESS;GROUP_CONTENT')
      expect(url.origin + url.pathname).toBe('https://connect.ok.ru/oauth/authorize')
    },
  )
})
