import { gzip, gzipSync } from 'node:zlib'
import compression from 'compression'
import type { RequestHandler, Response } from 'express'

/** What is shorter fits into one packet as it is. */
const SHORTEST = 1_000
/** What is longer takes a thread of its own; a page takes 0.06 ms, less than handing it over. */
const LONGEST_AT_ONCE = 100_000

/**
 * Answers that are whole before they leave (pages, JSON) are packed in one go: a stream for each, as `compression` makes,
 * costs ten times the packing (docs/decisions/037-what-a-browser-loads.md). csurf salts its token anew for each page, so
 * their lengths tell nothing of it.
 */
export const packAnswers: RequestHandler = (_req, res, next) => {
  res.send = packing(res, res.send.bind(res))
  next()
}

const packing = (res: Response, send: Response['send']) => (body: unknown) => {
  if (typeof body !== 'string' || body.length < SHORTEST) return send(body)
  res.vary('Accept-Encoding')
  return takesGzip(res) ? sendPacked(res, body, send) : send(body)
}

/** For answers that come bit by bit. */
export const packStream: RequestHandler = compression()

const takesGzip = (res: Response): boolean =>
  res.req.get('accept-encoding') !== undefined && res.req.acceptsEncodings('gzip') !== false

function sendPacked(res: Response, body: string, send: (body: Buffer) => Response): Response {
  if (!res.get('Content-Type')) res.type('html') // as Express would for a string
  res.set('Content-Encoding', 'gzip')
  if (body.length <= LONGEST_AT_ONCE) return send(gzipSync(body))
  gzip(body, (error, packed) => {
    if (error) res.req.next?.(error)
    else send(packed)
  })
  return res
}
