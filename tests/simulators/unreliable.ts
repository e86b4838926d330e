import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A platform with many accounts on a bad line. */
export interface Unreliable {
  url: string
  /** Requests answered well, and spoilt ones by way. */
  served: Record<'well' | Way, number>
  /** Tokens whose grant is really gone: they are told so, always. */
  revoked: Set<string>
  /** From now on nothing is spoilt. */
  calm(): void
  stop(): Promise<void>
}

const WAYS = ['429', '5xx', 'timeout', 'html', 'reset'] as const
type Way = (typeof WAYS)[number]

/** A spoilt check may stay spoilt however often it is tried again within it. */
const LONGEST_SPELL = 4

/**
 * Answers `users.get` as VK does, but spoils `share` of the requests, and at random the next ones of the same token with
 * them. The same seed and the same order of requests give the same day.
 */
export async function startUnreliable({ share = 0.05, seed = 1 } = {}): Promise<Unreliable> {
  let spoilt = share
  const random = mulberry32(seed)
  const spells = new Map<string, { way: Way; left: number }>()
  const served = { well: 0, '429': 0, '5xx': 0, timeout: 0, html: 0, reset: 0 }
  const revoked = new Set<string>()

  function wayOf(token: string): Way | undefined {
    const spell = spells.get(token) ?? beginSpell()
    if (!spell) return undefined
    spell.left -= 1
    if (spell.left > 0) spells.set(token, spell)
    else spells.delete(token)
    return spell.way
  }

  function beginSpell() {
    if (random() >= spoilt) return undefined
    const way = WAYS[Math.floor(random() * WAYS.length)] ?? 'reset'
    return { way, left: 1 + Math.floor(random() * LONGEST_SPELL) }
  }

  const server = createServer((req, res) => {
    const token = tokenOf(req)
    const way = revoked.has(token) ? undefined : wayOf(token)
    served[way ?? 'well'] += 1
    if (way) spoil(way, res, random)
    else json(res, revoked.has(token) ? GONE : WELL)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served,
    revoked,
    calm() {
      spoilt = 0
      spells.clear()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

const WELL = { response: [{ id: 1, first_name: 'Марина', last_name: 'Ковалёва' }] }
const GONE = { error: { error_code: 5, error_msg: 'User authorization failed' } }

const tokenOf = ({ url = '' }: IncomingMessage) =>
  new URL(url, 'http://here').searchParams.get('access_token') ?? ''

function spoil(way: Way, res: ServerResponse, random: () => number) {
  if (way === 'timeout') return // no answer ever
  if (way === '429') res.writeHead(429).end()
  else if (way === '5xx') res.writeHead([500, 502, 503, 504][Math.floor(random() * 4)] ?? 500).end()
  else if (way === 'html') res.writeHead(200, { 'content-type': 'text/html' }).end('<html>Скоро')
  else {
    res.writeHead(200, { 'content-type': 'application/json' }).write('{"response":[')
    res.socket?.resetAndDestroy()
  }
}

function json(res: ServerResponse, body: unknown) {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Small, quick, and the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
