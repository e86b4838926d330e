import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEvotorHint } from '../../../app/providers/evotor/change-notifications.ts'
import { createSeenDeliveries } from '../../../app/web/api/seen-deliveries.ts'

const STORE = '20180101-7F4B-40C9-80A1-000000000001'
const OWNER = '01-000000000000001'

describe('What Evotor’s webhooks say', () => {
  test.each<[string, string, unknown, object]>([
    [
      'a product made on a terminal',
      `/api/v1/inventories/stores/${STORE}/products`,
      [{ uuid: 'p1', name: 'Роза' }],
      { hints: [{ storeId: STORE }] },
    ],
    ['anything else of a store', `/stores/${STORE}`, undefined, { hints: [{ storeId: STORE }] }],
    [
      'documents',
      '/',
      [{ storeUuid: 'a' }, { store_id: 'b' }, { storeId: 'a' }, 5],
      { hints: [{ storeId: 'a' }, { storeId: 'b' }] },
    ],
    ['no documents', '/', [], { hints: [] }],
    [
      'a receipt',
      '/api/v2/receipts',
      { id: 'e1', type: 'ReceiptCreated', userId: OWNER, data: { id: 'd1', storeId: STORE } },
      { id: 'd1', hints: [{ storeId: STORE }] },
    ],
    [
      'the application installed or taken away',
      '/api/v2/installation/event',
      { id: 'e2', type: 'ApplicationUninstalled', data: { productId: 'a', userId: OWNER } },
      { id: 'e2 ApplicationUninstalled', hints: [{ accountId: OWNER }] },
    ],
    [
      'a subscription',
      '/api/v1/subscription/event',
      { subscriptionId: 's', userId: OWNER, sequenceNumber: 4, type: 'SubscriptionTerminated' },
      { id: 's SubscriptionTerminated 4', hints: [{ accountId: OWNER }] },
    ],
    [
      'a token, which is not taken',
      '/api/v1/user/token',
      { userUuid: OWNER, token: 'f46b0000' },
      { id: undefined, hints: [{ accountId: OWNER }] },
    ],
  ])('%s', (_name, path, body, message) => {
    expect(readEvotorHint(path, body)).toEqual(message)
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'hello'],
    ['an object of something else', { a: 1 }],
    ['a list of something else', [1, 2]],
    ['a store without end', { data: { storeId: 'x'.repeat(129) } }],
    ['an account without end', { userId: 'x'.repeat(129) }],
  ])('%s is not understood', (_name, body) => {
    expect(readEvotorHint('/', body)).toBeUndefined()
  })

  test('of one message a hundred stores are enough', () => {
    const documents = Array.from({ length: 500 }, (_, n) => ({ storeId: String(n) }))

    expect(readEvotorHint('/', documents)?.hints).toHaveLength(100)
  })

  test('of an endless name has none', () => {
    const receipt = { id: 'e1', data: { id: 'd'.repeat(501), storeId: 'S' } }

    expect(readEvotorHint('/', receipt)).toEqual({ hints: [{ storeId: 'S' }] })
  })

  test('of an account no database could look for is none', () => {
    expect(readEvotorHint('/', { userId: 'a\0b' })).toBeUndefined()
  })

  test('whatever comes, nothing is thrown, and ids are short', () => {
    const fields = ['id', 'type', 'data', 'userId', 'storeId', 'subscriptionId']
    const body = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue())
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.jsonValue(), body, fc.array(body)), (path, value) => {
        for (const hint of readEvotorHint(path, value)?.hints ?? [])
          expect(Object.values(hint).join().length).toBeLessThanOrEqual(128)
      }),
    )
  })
})

describe('What has been seen', () => {
  test('is known for a day', () => {
    const { seen, clock } = open()

    expect([seen.before('a'), seen.before('a'), seen.before('b')]).toEqual([false, true, false])
    clock.now += 24 * 3600_000
    expect(seen.before('a')).toBe(false)
  })

  test('is forgotten when there is too much of it', () => {
    const { seen } = open()
    for (let n = 0; n <= 10_001; n += 1) seen.before(String(n))

    expect([seen.before('10000'), seen.before('0')]).toEqual([true, false])
  })

  function open() {
    const clock = { now: 1_000 }
    return { clock, seen: createSeenDeliveries(() => clock.now) }
  }
})
