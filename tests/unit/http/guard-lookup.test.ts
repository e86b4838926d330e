import type { LookupAddress, LookupAllOptions } from 'node:dns'
import net, { type TcpNetConnectOpts } from 'node:net'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { AddressRefused } from '../../../app/http/guard.ts'
import { guardedConnector } from '../../../app/http/guarded-connector.ts'

type Found = string | LookupAddress[]

const PUBLIC = { address: '93.184.216.34', family: 4 }
const PUBLIC_6 = { address: '2606:2800:220:1:248:1893:25c8:1946', family: 6 }
const PRIVATE = { address: '10.0.0.5', family: 4 }
const NAMES: Record<string, LookupAddress[]> = {
  'public.example.ru': [PUBLIC_6, PUBLIC],
  'inward.example.ru': [PRIVATE],
  'mixed.example.ru': [PRIVATE, PUBLIC, { address: '::1', family: 6 }],
  'nowhere.example.ru': [],
}

// Test files share modules: the guard may have been loaded with the real DNS, and must not stay with this one.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

// The far side: what DNS says. Nothing here leaves the machine, and nothing is connected to.
vi.mock('node:dns', () => ({ lookup: answerFromTable }))

describe('a name', () => {
  test('that is public is connected to, at any of its addresses', async () => {
    expect(await lookUp('public.example.ru', { all: true })).toEqual([PUBLIC_6, PUBLIC])
  })

  test('gives its first address to those who want one', async () => {
    expect(await lookUp('public.example.ru', {})).toBe(PUBLIC_6.address)
  })

  test('that leads inward is refused', async () => {
    await expect(lookUp('inward.example.ru', { all: true })).rejects.toBeInstanceOf(AddressRefused)
    await expect(lookUp('inward.example.ru', {})).rejects.toBeInstanceOf(AddressRefused)
  })

  test('that leads inward as well is connected to outside only', async () => {
    expect(await lookUp('mixed.example.ru', { all: true })).toEqual([PUBLIC])
    expect(await lookUp('mixed.example.ru', {})).toBe(PUBLIC.address)
  })

  test('that has no address is refused', async () => {
    await expect(lookUp('nowhere.example.ru', { all: true })).rejects.toThrow()
  })

  test('that nobody knows fails as DNS says', async () => {
    await expect(lookUp('unknown.example.ru', { all: true })).rejects.toMatchObject({
      code: 'ENOTFOUND',
    })
  })
})

test('a public address needs no lookup and is passed on', () => {
  expect(optionsFor('93.184.216.34')).toMatchObject({ host: '93.184.216.34', port: '80' })
})

test('an exception is looked up by the system, unguarded', () => {
  expect(optionsFor('inward.example.ru', ['inward.example.ru:80']).lookup).toBeUndefined()
})

/** What the guard tells the system to connect to, and how to look the name up. */
function optionsFor(hostname: string, allowed: string[] = []): TcpNetConnectOpts {
  const connect = vi.spyOn(net, 'connect').mockImplementation(() => new net.Socket())
  onTestFinished(() => {
    connect.mockRestore()
  })
  const to = { protocol: 'http:', hostname, host: hostname, port: '80' }
  guardedConnector(allowed, { timeout: 0 })(to, () => undefined)
  return connect.mock.lastCall?.[0] as unknown as TcpNetConnectOpts
}

function lookUp(name: string, options: { all?: boolean }): Promise<Found> {
  const { lookup } = optionsFor(name)
  return new Promise((resolve, reject) => {
    lookup?.(name, options, (error, found) => {
      if (error) reject(error)
      else resolve(found)
    })
  })
}

function answerFromTable(
  name: string,
  _options: LookupAllOptions,
  done: (error: Error | null, found: LookupAddress[]) => void,
) {
  const found = NAMES[name]
  if (found) done(null, found)
  else done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), [])
}
