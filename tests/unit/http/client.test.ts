import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createHttp } from '../../../app/http/client.ts'
import type { HttpOptions, Request } from '../../../app/http/http-options.ts'
import { deadAddress, type LocalServer, sendJson, startServer } from './local-server.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('answers', () => {
  test.each([200, 201, 299, 400, 401, 403, 404, 422, 499])(
    'status %i is passed on',
    async (status) => {
      const server = await startServer((res) => {
        sendJson(res, { status }, status)
      })
      const { platform } = clientOf(server)

      const answer = await platform.send({ url: server.url })

      expect(answer).toMatchObject({ status, text: `{"status":${status}}` })
      expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
    },
  )

  test.each(['', '<html><title>Captcha</title></html>', '{"half":'])(
    'the body %j is passed on for others to judge',
    async (text) => {
      const server = await startServer((res) => res.end(text))

      expect((await clientOf(server).platform.send({ url: server.url })).text).toBe(text)
    },
  )
})

describe('a body without end', () => {
  test('is cut, whatever its length was said to be', async () => {
    const ended: number[] = []
    const server = await startServer((res) => {
      pourInto(res, (bytes) => ended.push(bytes))
    })
    const { platform } = clientOf(server, { maxBytes: 64 * 1024 })

    await expect(platform.send({ url: server.url, method: 'POST' })).rejects.toMatchObject({
      code: 'bad_response',
      kind: 'temporary',
      outage: false,
    })

    // What a socket buffers on its way is all that ever leaves the server.
    await vi.waitUntil(() => ended.length === 1, { timeout: 120_000 })
    expect(ended[0]).toBeLessThan(32 * 1024 * 1024)
  })

  test('is cut at 1 MiB unless told otherwise', async () => {
    const server = await startServer((res, { path }) => res.end('x'.repeat(Number(path.slice(1)))))
    const { platform } = clientOf(server)
    const post = (bytes: number) => platform.send({ url: `${server.url}/${bytes}`, method: 'POST' })

    expect((await post(1024 * 1024)).text).toHaveLength(1024 * 1024)
    await expect(post(1024 * 1024 + 1)).rejects.toMatchObject({ code: 'bad_response' })
  })
})

describe('a platform that hangs', () => {
  test('costs the total time and no more: it is not asked again', async () => {
    const server = await startServer(() => undefined)
    const { platform, waits } = clientOf(server, { timeoutMs: 500 })

    await expect(platform.send({ url: server.url })).rejects.toMatchObject({
      code: 'timeout',
      outage: true,
    })

    expect(waits).toEqual([])
    expect(server.asked.length).toBeLessThanOrEqual(1)
  })

  test('the call may be less patient than the client', async () => {
    const server = await startServer(() => undefined)
    const { platform } = clientOf(server)

    await expect(platform.send({ url: server.url, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  test('the call may not be more patient than the client', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const { platform, waits } = clientOf(server, { timeoutMs: 2000 })

    await expect(platform.send({ url: server.url, timeoutMs: 60_000 })).rejects.toThrow()

    expect(waits).toEqual([1000])
  })
})

describe('a redirect', () => {
  test.each([
    ['GET', 300],
    ['GET', 301],
    ['GET', 302],
    ['POST', 303],
    ['POST', 307],
    ['POST', 308],
  ] as const)(
    'of a %s with status %i is refused, and no secret goes there',
    async (method, status) => {
      const { server, elsewhere, platform } = await redirecting(status)
      const secrets = { form: { client_secret: 'hush' }, ...bearer('hush') }

      await expect(platform.send({ url: server.url, method, ...secrets })).rejects.toMatchObject({
        code: 'redirected',
        outage: false,
        status,
      })

      expect(elsewhere.asked).toEqual([])
    },
  )

  test.each(['GET', 'POST'] as const)('is an answer: the %s is not sent again', async (method) => {
    const { server, platform } = await redirecting(307)

    await expect(platform.send({ url: server.url, method })).rejects.toThrow()

    expect(server.asked).toHaveLength(1)
  })
})

describe('trying again', () => {
  test('a GET answered with 500 is repeated after one, two and four seconds', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const { platform, waits } = clientOf(server)

    await expect(platform.send({ url: server.url })).rejects.toMatchObject({
      code: 'server_error',
      kind: 'temporary',
      outage: true,
      status: 500,
    })

    expect(waits).toEqual([1000, 2000, 4000])
    expect(server.asked).toHaveLength(4)
  })

  test('a GET that works the second time is an answer like any other', async () => {
    const server = await startServer((res, _asked, nth) => {
      sendJson(res, { nth }, nth === 1 ? 503 : 200)
    })
    const { platform } = clientOf(server)

    expect((await platform.send({ url: server.url })).text).toBe('{"nth":2}')
    expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
  })

  test.each(['POST', 'DELETE'] as const)(
    'a %s answered with 500 is not repeated',
    async (method) => {
      const server = await startServer((res) => res.writeHead(500).end())

      await expect(clientOf(server).platform.send({ url: server.url, method })).rejects.toThrow()

      expect(server.asked).toHaveLength(1)
    },
  )

  test('a POST that is said to be safe is repeated', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const request: Request = { url: server.url, method: 'POST', repeat: 'safe', form: { a: '1' } }

    await expect(clientOf(server).platform.send(request)).rejects.toThrow()

    expect(server.asked.map(({ body }) => body)).toEqual(['a=1', 'a=1', 'a=1', 'a=1'])
  })

  test('a GET that redeems a code is not repeated', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const request: Request = { url: server.url, repeat: 'unsent' }

    await expect(clientOf(server).platform.send(request)).rejects.toThrow()

    expect(server.asked).toHaveLength(1)
  })

  test('half an answer to a POST is not repeated: it has arrived', async () => {
    const server = await startServer((res) => {
      res.writeHead(200, { 'content-length': '100' }).write('{"access_')
      setImmediate(() => res.destroy())
    })
    const request: Request = { url: server.url, method: 'POST' }

    await expect(clientOf(server).platform.send(request)).rejects.toMatchObject({ code: 'network' })

    expect(server.asked).toHaveLength(1)
  })

  test('a refused connection is tried again even for a POST: nothing has left', async () => {
    const host = await deadAddress()
    const { platform, waits } = clientOf({ host })

    await expect(
      platform.send({ url: `http://${host}`, method: 'POST', form: { code: 'one use' } }),
    ).rejects.toMatchObject({ code: 'network', unsent: true })

    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('an address of ours is refused once, and is no outage', async () => {
    const server = await startServer((res) => res.end())
    const { platform, waits } = clientOf(server, { allowedHosts: [] })

    await expect(platform.send({ url: server.url })).rejects.toMatchObject({
      code: 'address_refused',
      kind: 'configuration',
      outage: false,
    })

    expect(waits).toEqual([])
    expect(server.asked).toEqual([])
  })
})

describe('a platform that asks to wait', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOON })
    return () => vi.useRealTimers()
  })

  test('is not asked again with that credential, and told until when', async () => {
    const server = await startServer((res) => res.writeHead(429, { 'retry-after': '60' }).end())
    const { platform } = clientOf(server)
    const call = { url: server.url, ...bearer('A') }
    const paused = { code: 'rate_limited', retryAt: new Date(NOON + 60_000) }

    await expect(platform.send(call)).rejects.toMatchObject(paused)
    await expect(platform.send(call)).rejects.toMatchObject(paused)

    expect(server.asked).toHaveLength(1)
  })

  test('is asked on with other credentials', async () => {
    const server = await startServer((res, { headers }) =>
      res
        .writeHead(headers.authorization === 'Bearer A' ? 429 : 200, { 'retry-after': '60' })
        .end(),
    )
    const { platform } = clientOf(server)
    await platform.send({ url: server.url, ...bearer('A') }).catch(() => undefined)

    expect(await platform.send({ url: server.url, ...bearer('B') })).toMatchObject({ status: 200 })
  })

  test('is asked by a later call of that credential when the pause is over, not before', async () => {
    const server = await startServer((res, _asked, nth) =>
      res.writeHead(nth === 1 ? 429 : 200, { 'retry-after': '7' }).end(),
    )
    const { platform, waits } = clientOf(server)
    const call: Request = { url: server.url, method: 'POST', ...bearer('A') }
    await expect(platform.send(call)).rejects.toMatchObject({ code: 'rate_limited' })

    expect(await platform.send(call)).toMatchObject({ status: 200 })

    expect(waits).toEqual([7000])
  })

  test('is waited for when the pause is short', async () => {
    const server = await startServer((res, _asked, nth) =>
      res.writeHead(nth === 1 ? 429 : 200, { 'retry-after': '7' }).end(),
    )
    const { platform, waits } = clientOf(server)

    const answer = await platform.send({ url: server.url, ...bearer('A') })

    expect(answer.status).toBe(200)
    expect(waits).toEqual([7000])
  })

  test('says so with a 503 too', async () => {
    const server = await startServer((res) => res.writeHead(503, { 'retry-after': '3' }).end())
    const { platform, waits } = clientOf(server)

    await expect(platform.send({ url: server.url })).rejects.toMatchObject({ status: 503 })

    expect(waits).toEqual([3000, 3000, 4000])
  })

  test('is waited for within the fifteen seconds a call may take, not beyond', async () => {
    const server = await startServer((res, { path }) =>
      res.writeHead(503, { 'retry-after': path.slice(1) }).end(),
    )
    const { platform, waits } = clientOf(server)

    await platform.send({ url: `${server.url}/15` }).catch(() => undefined)
    const beyond = waits.length
    await platform.send({ url: `${server.url}/10` }).catch(() => undefined)

    expect(beyond).toBe(0)
    expect(waits[0]).toBe(10_000)
  })

  test('is not down: 429 opens no breaker', async () => {
    const server = await startServer((res) => res.writeHead(429, { 'retry-after': '60' }).end())
    const { platform } = clientOf(server)

    for (const token of 'ABCDEFGHIJ') {
      await platform.send({ url: server.url, ...bearer(token) }).catch(() => undefined)
    }

    expect(server.asked).toHaveLength(10)
    expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
  })
})

describe('the breaker of a platform', () => {
  test('is not opened by hosts of files, nor do they fall with it', async () => {
    const server = await startServer((res, { path }) => {
      sendJson(res, {}, path === '/photo' ? 503 : 200)
    })
    const { platform } = clientOf(server)

    for (let times = 0; times < 6; times += 1)
      await expect(platform.sendOpenly({ url: `${server.url}/photo` })).rejects.toThrow()

    await expect(platform.sendOpenly({ url: `${server.url}/photo` })).rejects.toMatchObject({
      code: 'circuit_open',
    })
    expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
    expect(await platform.send({ url: server.url })).toMatchObject({ status: 200 })
  })

  const post = (server: LocalServer): Request => ({ url: server.url, method: 'POST' })

  test('opens after five calls that failed, and then nothing is sent', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const { platform } = clientOf(server)
    for (let call = 1; call <= 5; call += 1) {
      await expect(platform.send(post(server))).rejects.toMatchObject({ code: 'server_error' })
    }

    await expect(platform.send(post(server))).rejects.toMatchObject({
      code: 'circuit_open',
      kind: 'temporary',
      outage: false,
      unsent: true,
      retryAt: expect.any(Date) as Date,
    })

    expect(platform.breaker.name).toBe('open')
    expect(server.asked).toHaveLength(5)
  })

  test('counts a call once, however often it was tried', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const { platform } = clientOf(server)

    await platform.send({ url: server.url }).catch(() => undefined)

    expect(server.asked).toHaveLength(4)
    expect(platform.breaker).toEqual({ name: 'closed', failed: 1 })
  })

  test('leaves other platforms alone', async () => {
    const down = await startServer((res) => res.writeHead(500).end())
    const up = await startServer((res) => res.end())
    const { http, platform } = clientOf(down, { allowedHosts: [down.host, up.host] })
    for (let call = 1; call <= 5; call += 1) await platform.send(post(down)).catch(() => undefined)

    expect(await http.platform('other').send(post(up))).toMatchObject({ status: 200 })
  })

  test('rests for a minute and closes after three good answers', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOON })
    onTestFinished(() => void vi.useRealTimers())
    const server = await startServer((res, _asked, nth) => res.writeHead(nth > 5 ? 200 : 500).end())
    const { platform } = clientOf(server)
    for (let call = 1; call <= 5; call += 1)
      await platform.send(post(server)).catch(() => undefined)
    const resting = platform.breaker

    vi.setSystemTime(NOON + 60_000)
    await platform.send(post(server))
    await platform.send(post(server))
    const probing = platform.breaker.name
    await platform.send(post(server))

    expect(resting).toEqual({ name: 'open', until: new Date(NOON + 60_000) })
    expect(probing).toBe('probing')
    expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
  })

  test('is one for everybody who asks for the platform', () => {
    const { http, platform } = clientOf({ host: 'localhost:1' })

    expect(http.platform('this')).toBe(platform)
    expect(http.platform('other')).not.toBe(platform)
  })

  test('is not closed by a call that waits and so asks nothing', async () => {
    const server = await startServer((res, { headers }) =>
      res
        .writeHead(headers.authorization === 'Bearer A' ? 429 : 500, { 'retry-after': '60' })
        .end(),
    )
    const breaker = { failures: 1, cooldownMs: 0, successes: 1 }
    const { platform } = clientOf(server, { breaker })
    await platform.send({ ...post(server), ...bearer('A') }).catch(() => undefined)
    await platform.send({ ...post(server), ...bearer('B') }).catch(() => undefined)

    await expect(platform.send({ ...post(server), ...bearer('A') })).rejects.toThrow()

    expect(server.asked).toHaveLength(2)
    expect(platform.breaker.name).not.toBe('closed')
  })
})

test('a client that is closed sends nothing any more', async () => {
  const server = await startServer((res) => res.end())
  const { http, platform } = clientOf(server)
  await platform.send({ url: server.url })

  await http.close()

  await expect(platform.send({ url: server.url, method: 'POST' })).rejects.toThrow()
  expect(server.asked).toHaveLength(1)
})

async function redirecting(status: number) {
  const elsewhere = await startServer((res) => res.end())
  const server = await startServer((res) =>
    res.writeHead(status, { location: `${elsewhere.url}/token` }).end(),
  )
  return { server, elsewhere, ...clientOf(server, { allowedHosts: [server.host, elsewhere.host] }) }
}

/** A client that may speak to the server and does not really sleep: it moves the clock, where the test has one. */
function clientOf({ host }: Pick<LocalServer, 'host'>, options: Partial<HttpOptions> = {}) {
  const waits: number[] = []
  const wall = () => Date.now()
  const clock = { wall, steady: () => (vi.isFakeTimers() ? wall() : performance.now()) }
  const sleep = (ms: number) => {
    waits.push(ms)
    if (vi.isFakeTimers()) vi.setSystemTime(Date.now() + ms)
    return Promise.resolve()
  }
  const http = createHttp({ allowedHosts: [host], sleep, clock, ...options })
  onTestFinished(() => http.close())
  return { http, platform: http.platform('this'), waits }
}

/** Sends for as long as somebody listens; tells at the end how much has left. */
function pourInto(res: NodeJS.WritableStream, done: (bytes: number) => void) {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  let bytes = 0
  let open = true
  const pour = () => {
    while (open && res.write(chunk)) bytes += chunk.length
  }
  res.on('drain', pour)
  res.on('close', () => {
    open = false
    done(bytes)
  })
  pour()
}
