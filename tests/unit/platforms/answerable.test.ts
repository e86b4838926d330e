import { expect, test } from 'vitest'
import { ProviderError, ShopRefused } from '../../../app/errors.ts'
import { answerable } from '../../../app/providers/answerable.ts'
import type { Provider } from '../../../app/providers/provider.ts'
import type { Api } from '../../../app/providers/api.ts'
import { vk } from '../../../app/providers/vk/index.ts'

const broken = () => new ProviderError('down', { code: 'network', kind: 'temporary' })
const refused = () => new ShopRefused('no', { scope: 'item', code: 'no', kind: 'configuration' })
const fail = () => Promise.reject(broken())
const never = {} as never

/** A platform of which nothing works, in all the ways in which functions fail. */
function worst(): Provider {
  const shop = {
    atOnce: 1,
    read: fail,
    change: () => Promise.resolve([{ done: false, refusal: refused() }]),
  }
  return answerable({
    ...vk.create({}, 'https://shop.example.ru'),
    key: 'worst',
    identify: () => {
      throw broken()
    },
    source: {
      stores: fail,
      groups: fail,
      image: fail,
      // eslint-disable-next-line @typescript-eslint/require-await
      async *products() {
        yield []
        throw broken()
      },
    },
    target: { shop: () => shop } as never,
  })
}

test('every failure of a platform says whose it is, however it comes', async () => {
  const platform = worst()
  const { auth, source, target } = platform
  const shop = target?.shop(never, '1', never)
  const read = async () => {
    for await (const page of source?.products(never, '1') ?? []) expect(page).toEqual([])
  }
  const failing: [string, () => unknown][] = [
    ['thrown', () => platform.identify({} as Api)],
    ['rejected', () => source?.stores(never)],
    ['while a list is read', read],
    ['of a part', () => shop?.read()],
    ['of the way in', () => auth.complete({ send: fail } as never, arrival())],
  ]

  for (const [how, call] of failing) {
    const failure = await Promise.resolve()
      .then(call)
      .catch((error: unknown) => error)
    expect(failure, how).toMatchObject({ platform: 'worst' })
  }
  expect(await shop?.change([])).toMatchObject([{ refusal: { platform: 'worst' } }])
  expect(shop?.atOnce).toBe(1)
})

test('whoever stands nearest to the call has said it already', async () => {
  const failure = broken().of('nearer')

  expect(failure.of('farther').platform).toBe('nearer')
  await expect(
    answerable({ ...worst(), identify: () => Promise.reject(failure) }).identify({} as Api),
  ).rejects.toBe(failure)
})

const arrival = () => ({
  redirectUri: 'https://shop.example.ru/worst/callback',
  state: 's',
  callback: new URLSearchParams({ code: 'c' }),
})
