import { describe, expect, onTestFinished, test } from 'vitest'
import { Agent, request } from 'undici'
import { AddressRefused } from '../../../app/http/guard.ts'
import { guardedConnector } from '../../../app/http/guarded-connector.ts'
import { type LocalServer, startServer } from './local-server.ts'

describe('without an exception nothing on this machine is reached', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::1]',
    'localhost',
    'LOCALHOST',
    '①②⑦.0.0.1',
    '127。0。0。1',
  ])('by the name of %s', async (name) => {
    const server = await startServer((res) => res.end('hello'))

    const visit = visitOf(server, { name })

    await expect(visit).rejects.toBeInstanceOf(AddressRefused)
    expect(server.asked).toEqual([])
  })
})

test('a name with a dot at its end is no way in either', async () => {
  const server = await startServer((res) => res.end('hello'))

  await expect(visitOf(server, { name: 'localhost.' })).rejects.toThrow() // not every system resolves it
  expect(server.asked).toEqual([])
})

describe('an exception', () => {
  test.each(['127.0.0.1', 'localhost'])('for %s lets exactly that through', async (name) => {
    const server = await startServer((res) => res.end('hello'))

    const answer = await visitOf(server, { name, allowed: (port) => [`${name}:${port}`] })

    expect(answer).toBe('hello')
  })

  test('for an IPv6 address lets it through', async () => {
    const server = await startServer((res) => res.end('hello'), '::1')

    const answer = await visitOf(server, { name: '[::1]', allowed: (port) => [`[::1]:${port}`] })

    expect(answer).toBe('hello')
  })

  test('for another port of the same host lets nothing through', async () => {
    const server = await startServer((res) => res.end('hello'))
    const allowed = (port: number) => [`127.0.0.1:${port + 1}`, '127.0.0.1:80', '127.0.0.1']

    await expect(visitOf(server, { allowed })).rejects.toBeInstanceOf(AddressRefused)
  })

  test('for a name is none for its address, nor the other way round', async () => {
    const server = await startServer((res) => res.end('hello'))
    const byName = (port: number) => [`localhost:${port}`]
    const byAddress = (port: number) => [`127.0.0.1:${port}`]

    await expect(visitOf(server, { name: '127.0.0.1', allowed: byName })).rejects.toThrow()
    await expect(visitOf(server, { name: 'localhost', allowed: byAddress })).rejects.toThrow()
    expect(server.asked).toEqual([])
  })

  test('counts however the address is spelt', async () => {
    const server = await startServer((res) => res.end('hello'))

    const answer = await visitOf(server, {
      name: '2130706433',
      allowed: (port) => [`127.0.0.1:${port}`],
    })

    expect(answer).toBe('hello')
  })
})

interface Visit {
  name?: string
  allowed?: (port: number) => string[]
}

async function visitOf(
  { host }: LocalServer,
  { name = '127.0.0.1', allowed = () => [] }: Visit,
): Promise<string> {
  const port = Number(host.split(':').at(-1))
  const agent = new Agent({ connect: guardedConnector(allowed(port), { timeout: 5_000 }) })
  onTestFinished(() => agent.destroy())
  const { body } = await request(`http://${name}:${port}/`, { dispatcher: agent })
  return await body.text()
}
