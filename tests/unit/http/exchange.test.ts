import { describe, expect, onTestFinished, test } from 'vitest'
import type { buildConnector } from 'undici'
import { Agent } from 'undici'
import { ProviderError } from '../../../app/errors.ts'
import { exchange } from '../../../app/http/exchange.ts'
import type { Call } from '../../../app/http/call.ts'
import { deadAddress, startServer } from './local-server.ts'

describe('what is sent', () => {
  test('a GET carries its query, beside the one the address has', async () => {
    const server = await startServer((res) => res.end())

    await send({ url: `${server.url}/method?lang=ru`, query: { v: '5.131', q: 'а б&c=+' } })

    const url = new URL(server.asked[0]?.path ?? '', server.url)
    expect(server.asked[0]).toMatchObject({ method: 'GET', body: '' })
    expect(Object.fromEntries(url.searchParams)).toEqual({ lang: 'ru', v: '5.131', q: 'а б&c=+' })
  })

  test('a form travels in the body and leaves the address alone', async () => {
    const server = await startServer((res) => res.end())

    await send({ url: `${server.url}/token`, method: 'POST', form: { code: 'a b', secret: 'é&=' } })

    const [asked] = server.asked
    expect(asked).toMatchObject({ method: 'POST', path: '/token' })
    expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      code: 'a b',
      secret: 'é&=',
    })
  })

  test('JSON is asked for, under our name, and nothing compressed', async () => {
    const server = await startServer((res) => res.end())

    await send({ url: server.url })

    const headers = server.asked[0]?.headers
    expect(headers).toMatchObject({ accept: 'application/json', 'user-agent': 'EvoSync' })
    expect(headers).not.toHaveProperty('accept-encoding')
  })

  test('headers of the call stand before our own', async () => {
    const server = await startServer((res) => res.end())

    await send({ url: server.url, headers: { accept: 'text/csv', authorization: 'Bearer A' } })

    expect(server.asked[0]?.headers).toMatchObject({
      accept: 'text/csv',
      authorization: 'Bearer A',
    })
  })
})

test('files travel as a browser sends them, byte for byte', async () => {
  const server = await startServer((res) => res.end())
  const bytes = new TextEncoder().encode('\r\n--boundary--\r\n«роза»')

  await send({
    url: server.url,
    method: 'POST',
    files: [
      { name: 'file1', fileName: 'роза "белая".jpg', type: 'image/jpeg', bytes },
      { name: 'file2', fileName: 'b.png', type: 'image/png', bytes: new Uint8Array() },
    ],
  })

  const [{ headers, body } = { headers: {}, body: '' }] = server.asked
  const [, boundary = ''] =
    /^multipart\/form-data; boundary=(.{20,70})$/.exec(headers['content-type'] ?? '') ?? []
  expect(boundary).not.toBe('')
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  expect(body.split('\r\n')).toEqual([
    `--${boundary}`,
    'Content-Disposition: form-data; name="file1"; filename="роза %22белая%22.jpg"',
    'Content-Type: image/jpeg',
    '',
    '',
    '--boundary--',
    '«роза»',
    `--${boundary}`,
    'Content-Disposition: form-data; name="file2"; filename="b.png"',
    'Content-Type: image/png',
    '',
    '',
    `--${boundary}--`,
    '',
  ])
})

describe('what comes back', () => {
  test.each([200, 204, 302, 400, 404, 429, 500, 503])('status %i is an answer', async (status) => {
    const server = await startServer((res) => res.writeHead(status).end())

    expect(await send({ url: server.url })).toMatchObject({ status, text: '' })
  })

  test('the body is read whole, across its chunks and its letters', async () => {
    const [first, second] = split(Buffer.from('{"name":"Марина"}'), 11) // within «М»
    const server = await startServer((res) => {
      res.write(first)
      setImmediate(() => res.end(second))
    })

    expect((await send({ url: server.url })).text).toBe('{"name":"Марина"}')
  })

  test('headers have lower-case names, and those sent twice are joined', async () => {
    const server = await startServer((res) =>
      res.writeHead(200, { 'Retry-After': '7', 'Set-Cookie': ['a=1', 'b=2'] }).end(),
    )

    expect((await send({ url: server.url })).headers).toMatchObject({
      'retry-after': '7',
      'set-cookie': 'a=1, b=2',
    })
  })
})

describe('what breaks on the way is an outage of the platform', () => {
  test('nobody listens: nothing has left', async () => {
    const failure = await failureOf({ url: `http://${await deadAddress()}` })

    expect(failure).toMatchObject({
      code: 'network',
      kind: 'temporary',
      outage: true,
      unsent: true,
    })
  })

  test('half a body, then the line goes dead', async () => {
    const server = await startServer((res) => {
      res.writeHead(200, { 'content-length': '100' }).write('{"access_token":')
      setImmediate(() => res.destroy())
    })

    expect(await failureOf({ url: server.url })).toMatchObject({
      code: 'network',
      outage: true,
      unsent: false,
    })
  })

  test('the line goes dead before anything comes', async () => {
    const server = await startServer((res) => void res.destroy())

    expect(await failureOf({ url: server.url })).toMatchObject({ code: 'network', unsent: false })
  })

  test('no HTTP at all', async () => {
    const server = await startServer((res) => void res.socket?.end('220 mail.example.ru ESMTP\r\n'))

    expect(await failureOf({ url: server.url })).toMatchObject({ code: 'network', outage: true })
  })

  test('a header without end', async () => {
    const server = await startServer((res) =>
      res.writeHead(200, { 'x-long': 'x'.repeat(64 * 1024) }).end(),
    )

    expect(await failureOf({ url: server.url })).toMatchObject({ code: 'network', outage: true })
  })

  test('plain http where TLS was expected', async () => {
    const server = await startServer((res) => res.end())

    const failure = await failureOf({ url: server.url.replace('http:', 'https:') })

    expect(failure).toMatchObject({ code: 'network', outage: true })
  })

  test('no answer ever: the total time ends it', async () => {
    const server = await startServer(() => undefined)

    expect(await failureOf({ url: server.url }, { timeoutMs: 100 })).toMatchObject({
      message: 'no answer in time',
      code: 'timeout',
      kind: 'temporary',
      outage: true,
      unsent: false,
    })
  })

  test('an answer that came while this process stood still is read, and not called late', async () => {
    const server = await startServer((res) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500)
      res.end('came')
    })

    expect(await send({ url: server.url }, { timeoutMs: 500 })).toMatchObject({ text: 'came' })
  })

  test('a byte now and then: the total time ends it', async () => {
    const server = await startServer((res) => {
      const drip = setInterval(() => res.write(' '), 10)
      res.on('close', () => {
        clearInterval(drip)
      })
    })

    expect(await failureOf({ url: server.url }, { timeoutMs: 300 })).toMatchObject({
      code: 'timeout',
    })
  })

  test('time that is over already is no bug', async () => {
    const server = await startServer(() => undefined)

    expect(await failureOf({ url: server.url }, { timeoutMs: -5 })).toMatchObject({
      code: 'timeout',
    })
  })
})

describe('what the system says about a connection', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    '%s: nothing has left, so it may be tried again',
    async (code) => {
      expect(await failureOf(ANYWHERE, { connect: failing(code) })).toMatchObject({
        kind: 'temporary',
        outage: true,
        unsent: true,
      })
    },
  )

  test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO'])(
    '%s: it may have arrived',
    async (code) => {
      expect(await failureOf(ANYWHERE, { connect: failing(code) })).toMatchObject({
        message: `network: ${code}`,
        kind: 'temporary',
        outage: true,
        unsent: false,
      })
    },
  )

  test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL', 'EPERM', 'ENETUNREACH', 'ENETDOWN'])(
    '%s while a line is opened is our own, and no outage of anybody',
    async (code) => {
      const connect = failingWith(systemError(code, 'connect'))

      expect(await failureOf(ANYWHERE, { connect })).toMatchObject({
        code: 'no_way_out',
        kind: 'temporary',
        outage: false,
        unsent: true,
      })
    },
  )

  test('one address of several that was on its way speaks for the road', async () => {
    const [here, there] = [
      systemError('ENETUNREACH', 'connect'),
      systemError('ECONNREFUSED', 'connect'),
    ]
    const both = Object.assign(new AggregateError([here, there]), { code: 'ENETUNREACH' })

    expect(await failureOf(ANYWHERE, { connect: failingWith(both) })).toMatchObject({
      code: 'network',
      outage: true,
    })
  })

  // Names: Node's manual, "X509 certificate error codes".
  test.each([
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_GET_ISSUER_CERT',
    'CERT_REVOKED',
    'CERT_UNTRUSTED',
    'CERT_CHAIN_TOO_LONG',
    'INVALID_CA',
  ])('%s: the certificate is for an administrator to see to', async (code) => {
    expect(await failureOf(ANYWHERE, { connect: failing(code) })).toMatchObject({
      code: 'tls_error',
      kind: 'configuration',
      outage: false,
    })
  })

  test('an error nobody knows is a bug of ours and passed on as it is', async () => {
    const sent = send(ANYWHERE, { connect: failing('ERR_ASSERTION') })

    await expect(sent).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
    await expect(sent).rejects.not.toBeInstanceOf(ProviderError)
  })
})

test('a failure is told without address, query and credentials', async () => {
  const url = `http://${await deadAddress()}/token`

  const failure = await failureOf({
    url,
    query: { client_secret: 'hush' },
    headers: { authorization: 'Bearer hush' },
  })

  const told = [failure.message, failure.stack, String(failure.cause)].join()
  expect(told).not.toMatch(/hush|\/token/)
})

test.each(['Bearer a\nb', 'Bearer токен'])(
  'a header nobody can send (%j) is no outage of the platform',
  async (authorization) => {
    const server = await startServer((res) => res.end())

    const failure: unknown = await send({ url: server.url, headers: { authorization } }).catch(
      (error: unknown) => error,
    )

    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toMatchObject({ outage: true })
    expect(server.asked).toEqual([])
  },
)

const ANYWHERE: Call = { url: 'https://api.example.ru' }

interface Way {
  timeoutMs?: number
  /** Stands in for the network. */
  connect?: buildConnector.connector
}

/** A line that cannot be made, for the reason the system gives. */
const failing = (code: string): buildConnector.connector => failingWith(systemError(code))

const systemError = (code: string, syscall?: string) =>
  Object.assign(new Error(`connect ${code}`), { code, ...(syscall && { syscall }) })

const failingWith =
  (error: Error): buildConnector.connector =>
  (_to, done) => {
    done(error, null)
  }

async function send(call: Call, { timeoutMs = 10_000, connect }: Way = {}) {
  const agent = new Agent(connect && { connect })
  onTestFinished(() => agent.destroy())
  return await exchange(agent, call, timeoutMs)
}

async function failureOf(call: Call, way: Way = {}): Promise<ProviderError> {
  const failure: unknown = await send(call, way).catch((error: unknown) => error)
  if (failure instanceof ProviderError) return failure
  throw new Error('no ProviderError', { cause: failure })
}

const split = (bytes: Buffer, at: number) => [bytes.subarray(0, at), bytes.subarray(at)]
