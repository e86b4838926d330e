import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import type { Outcome } from '../../../app/providers/catalogue.ts'
import { ok, refused, shopAt } from './vk-shop.ts'

const price = (nth: number) => ({ itemId: String(nth), set: { hidden: false, price: 100 } })
const cards = (n: number) => Array.from({ length: n }, (_card, at) => price(at + 1))
const codesOf = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.done ? 'done' : outcome.refusal.code))
const inner = (error_code: number, error_msg = '') => ({
  method: 'market.edit',
  error_code,
  error_msg,
})

describe('changes', () => {
  test('go 25 in a request', async () => {
    const { shop, sent } = shopAt(({ form }) => ok(Array(callsIn(form.code)).fill(1)))

    const outcomes = await shop.change(cards(60))

    expect(codesOf(outcomes)).toEqual(Array(60).fill('done'))
    expect(sent.map(({ method, form }) => [method, callsIn(form.code)])).toEqual([
      ['execute', 25],
      ['execute', 25],
      ['execute', 10],
    ])
    expect(sent[0]?.form).toMatchObject({ v: '5.199', lang: 'ru' })
  })

  test('take about as long as those of as many cards, and not as reading does', async () => {
    const { shop, sent } = shopAt(({ form }) => ok(Array(callsIn(form.code)).fill(1)))

    await shop.change(cards(60))
    await shop.find(cards(200).map(({ itemId }) => itemId)).catch(() => undefined)

    const [first, second, rest, reading] = sent.map(({ method, kind }) => `${method} ${kind}`)
    expect(first).toBe('execute market.edit × 25')
    expect(second).toBe(first)
    expect(new Set([first, rest, reading]).size).toBe(3)
  })

  test('of one card go without a script', async () => {
    const { shop, sent } = shopAt(() => ok(1))

    await shop.change([price(7)])

    expect(sent).toMatchObject([
      {
        method: 'market.edit',
        form: { owner_id: '-100', item_id: '7', price: '1.00', deleted: '0' },
      },
    ])
  })

  test('that fail are told apart', async () => {
    const { shop, sent } = shopAt(() => ({
      ...ok([1, false, false, 1]),
      execute_errors: [inner(1403), inner(100, 'x: name should be at least 4 letters length')],
    }))

    const outcomes = await shop.change(cards(4))

    expect(codesOf(outcomes)).toEqual(['done', 'item_gone', 'name_too_short', 'done'])
    expect(sent).toHaveLength(1)
  })

  test('whose errors cannot be told apart are asked for one by one', async () => {
    const { shop, sent } = shopAt(({ method, form }) =>
      method === 'execute' ? ok([false, 1, false]) : form.item_id === '1' ? refused(1403) : ok(1),
    )

    const outcomes = await shop.change(cards(3))

    expect(codesOf(outcomes)).toEqual(['item_gone', 'done', 'done'])
    expect(sent.map(({ method }) => method)).toEqual(['execute', 'market.edit', 'market.edit'])
  })

  test.each([3, 12, 13, 15])(
    'refused as a whole with %d go one by one from then on, and that is remembered',
    async (number) => {
      const { shop, sent, learnt } = shopAt(({ method }) =>
        method === 'execute' ? refused(number) : ok(1),
      )

      const outcomes = [...(await shop.change(cards(2))), ...(await shop.change(cards(2)))]

      expect(codesOf(outcomes)).toEqual(['done', 'done', 'done', 'done'])
      expect(sent.map(({ method }) => method)).toEqual([
        'execute',
        ...Array<string>(4).fill('market.edit'),
      ])
      expect(learnt).toEqual(['singly'])
    },
  )

  test('refused call by call inside of a script go one by one as well', async () => {
    const { shop, learnt } = shopAt(({ method }) =>
      method === 'execute'
        ? { ...ok([false, false]), execute_errors: [inner(15), inner(15)] }
        : ok(1),
    )

    expect(codesOf(await shop.change(cards(2)))).toEqual(['done', 'done'])
    expect(learnt).toEqual(['singly'])
  })

  test('for which the right is missing teach nothing about scripts', async () => {
    const { shop, sent, learnt } = shopAt(() => refused(15))

    expect(codesOf(await shop.change(cards(25)))).toEqual(Array(25).fill('market_right_missing'))
    expect(sent).toHaveLength(2)
    expect(learnt).toEqual([])
  })

  test('that are too much for one script go in smaller ones, and nothing is concluded', async () => {
    const { shop, sent, learnt } = shopAt(({ form }) =>
      callsIn(form.code) > 10 ? refused(13) : ok(Array(callsIn(form.code)).fill(1)),
    )

    expect(codesOf(await shop.change(cards(25)))).toEqual(Array(25).fill('done'))
    expect(sent.map(({ form }) => callsIn(form.code))).toEqual([25, 13, 7, 7, 7, 4])
    expect(learnt).toEqual([])
  })

  test('with long texts are fewer in a script', async () => {
    const set = { hidden: false, description: 'Ю'.repeat(4000) }
    const { shop, sent } = shopAt(({ form }) => ok(Array(callsIn(form.code)).fill(1)))

    await shop.change(cards(10).map(({ itemId }) => ({ itemId, set })))

    expect(sent.map(({ form }) => callsIn(form.code))).toEqual([4, 4, 2])
  })

  test('known to be refused together are not sent together', async () => {
    const { shop, sent } = shopAt(() => ok(1), { singly: true })

    await shop.change(cards(2))

    expect(sent.map(({ method }) => method)).toEqual(['market.edit', 'market.edit'])
  })

  test('stop at a captcha: nothing more is asked', async () => {
    const link = 'https://id.vk.ru/not_robot_captcha?session_token=1'
    const { shop, sent } = shopAt(
      (_sent, nth) => (nth === 1 ? ok(1) : refused(14, 'Captcha needed', { redirect_uri: link })),
      { singly: true },
    )

    const outcomes = await shop.change(cards(5))

    expect(codesOf(outcomes)).toEqual(['done', ...Array<string>(4).fill('captcha')])
    expect(outcomes[4]).toMatchObject({ refusal: { scope: 'pause', link } })
    expect(sent).toHaveLength(2)
  })

  test('inside of a script that met a passing fault are repeated by themselves', async () => {
    const { shop } = shopAt(({ method }) =>
      method === 'execute' ? { ...ok([1, false]), execute_errors: [inner(10)] } : ok(1),
    )

    expect(codesOf(await shop.change(cards(2)))).toEqual(['done', 'done'])
  })

  test('with a link VK does not take are sent again without it, once', async () => {
    const set = { hidden: false, description: 'Чай чёрный, 100 г. https://shop.example' }
    const { shop, sent } = shopAt(({ form }) =>
      form.description?.includes('http') ? refused(1408) : ok(1),
    )

    expect(codesOf(await shop.change([{ itemId: '1', set }]))).toEqual(['done'])
    expect(sent.map(({ form }) => form.description)).toEqual([
      set.description,
      'Чай чёрный, 100 г.',
    ])
  })

  test('deleting what is gone is success', async () => {
    const { shop } = shopAt(() => refused(1403))

    expect(await shop.change([{ itemId: '1', remove: true }])).toEqual([{ done: true, same: true }])
  })
})

describe('a call', () => {
  test('made too fast is made again a second later, five times at the most', async () => {
    const { shop, sent, waits } = shopAt(() => refused(6))

    expect(codesOf(await shop.change([price(1)]))).toEqual(['too_fast'])
    expect(sent).toHaveLength(5)
    expect(waits.every((ms) => ms >= 1000)).toBe(true)
  })

  test('whose token has ended says so inside, so that tokens are renewed', async () => {
    const { shop } = shopAt(() =>
      refused(5, 'User authorization failed: access_token has expired.'),
    )

    await expect(shop.read()).rejects.toMatchObject({ code: 'token_revoked', kind: 'dead' })
  })

  test('tells nothing of what was sent', async () => {
    const { shop } = shopAt(() => refused(4242, 'x'.repeat(300)))

    const error = await shop.addAlbum('Чай').catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: 'item_unknown', values: { message: 'x'.repeat(200) } })
    expect(JSON.stringify(error) + String(error)).not.toContain('hush')
  })
})

describe('adding a card', () => {
  const item = {
    ...{ title: 'Чай чёрный', description: 'Чай чёрный, 100 г', price: 25_050, sku: 'A-1 0123' },
    ...{ stock: 5, hidden: false, categoryId: '20173', photo: 'own:1' },
  }

  test('is one call by itself', async () => {
    const { shop, sent } = shopAt(() => ok({ market_item_id: 12 }))

    expect(await shop.add(item, '77')).toBe('12')
    expect(sent).toMatchObject([
      { method: 'market.add', form: { price: '250.50', main_photo_id: '77', stock_amount: '5' } },
    ])
  })

  test.each([1, 10, 36, 43])(
    'that ends with %d is not repeated: it may be there',
    async (number) => {
      const { shop, sent } = shopAt(() => refused(number))

      const error = await shop.add(item, '77').catch((thrown: unknown) => thrown)

      expect(error).toBeInstanceOf(ProviderError)
      expect(error).toMatchObject({ kind: 'temporary', unsent: false })
      expect(sent).toHaveLength(1)
    },
  )

  test('after too many in a second is repeated: nothing was done', async () => {
    const { shop } = shopAt((_sent, nth) => (nth < 3 ? refused(6) : ok({ market_item_id: 12 })))

    expect(await shop.add(item, '77')).toBe('12')
  })

  test('in a flood waits for a quarter of an hour', async () => {
    const { shop, sent } = shopAt(() => refused(9))

    const error = (await shop.add(item, '77').catch((thrown: unknown) => thrown)) as ProviderError

    expect(error).toMatchObject({ scope: 'pause', code: 'flood', unsent: true })
    expect(error.retryAt?.getTime()).toBeGreaterThan(Date.now() + 14 * 60_000)
    expect(sent).toHaveLength(1)
  })
})

const callsIn = (code = '') => code.split('API.').length - 1
