import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createHttp } from '../../../app/http/client.ts'
import type { PlatformHttp } from '../../../app/http/http-options.ts'

/** What a server was asked, its body read whole. */
export interface Asked {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface LocalServer {
  url: string
  /** `host:port` as the address guard wants it. */
  host: string
  asked: Asked[]
}

/** A real server for one test, on a loopback port of its own; it and its sockets are gone when the test is over. */
export async function startServer(
  answer: (res: ServerResponse, asked: Asked, nth: number) => void,
  address = '127.0.0.1',
): Promise<LocalServer> {
  const asked: Asked[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk: string) => (body += chunk))
    req.on('end', () => {
      const { method = '', url: path = '', headers } = req
      const one = { method, path, headers, body }
      asked.push(one)
      answer(res, one, asked.length)
    })
  })
  await new Promise<void>((ready) => server.listen(0, address, ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const host = `${address.includes(':') ? `[${address}]` : address}:${port}`
  return { url: `http://${host}`, host, asked }
}

/** Answers with JSON. */
export function sendJson(res: ServerResponse, value: unknown, status = 200) {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** An address on which nobody listens: a server had the port a moment ago. */
export async function deadAddress(): Promise<string> {
  const probe = createServer()
  await new Promise<void>((ready) => probe.listen(0, '127.0.0.1', ready))
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return `127.0.0.1:${port}`
}

/** The one request there was. */
export function only(asked: readonly Asked[]): Asked {
  const [one, ...others] = asked
  if (!one || others.length > 0) throw new Error(`asked ${asked.length} times`)
  return one
}

/** Our real client for a platform at that address; what it tries again it tries at once. */
export function platformAt(host: string): PlatformHttp {
  const http = createHttp({ allowedHosts: [host], sleep: () => Promise.resolve() })
  onTestFinished(() => http.close())
  return http.platform('this')
}
