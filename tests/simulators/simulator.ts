import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'

/** A bad day at the platform: what happens to the next requests for a path. */
export interface Fault {
  status?: number
  body?: string
  headers?: Record<string, string>
  /** Milliseconds before the usual answer. */
  delay?: number
  /** Or until something has happened. */
  until?: Promise<unknown>
  /** `hang`: no answer ever · `reset`: half an answer, then the line goes dead · `drip`: a byte now and then ·
   *  `huge`: a body without end · `redirect`: to another host · `lost`: the work is done, the answer never arrives */
  way?: 'hang' | 'reset' | 'drip' | 'huge' | 'redirect' | 'lost'
  /** How many requests it hits; for ever when left out. */
  times?: number
}

/** What a platform was asked, for tests to look at. Secrets included: this is the other side. */
export interface Asked {
  method: string
  path: string
  query: Record<string, string>
  form: Record<string, string>
  /** A JSON body; a form is empty then. */
  json?: unknown
  headers: Request['headers']
}

export interface Simulator {
  url: string
  asked: Asked[]
  /** Requests for a path so far. */
  count(path: string): number
  /** Breaks a path until it is mended; `*` breaks every path that has no fault of its own, but for the panel. */
  fault(path: string, fault: Fault): void
  /** Ends all faults. */
  mend(): void
  stop(): Promise<void>
}

/** A platform that EvoSync has an application at. */
export interface PlatformSimulator extends Simulator {
  key: string
  /** Addresses the application may return to. */
  redirectUris: string[]
  /** Variables that point EvoSync here. */
  variables: () => Record<string, string>
}

/** Starts a platform on a port of its own; `build` adds its routes. Every request is written down, faults come first. */
export async function startSimulator(
  build: (app: Express, url: string) => void,
  port = 0,
): Promise<Simulator> {
  const app = express()
  const asked: Asked[] = []
  const faults = new Map<string, Fault>()

  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(express.urlencoded({ extended: false, limit: '8mb' }), express.json())
  app.use(recorder(asked), breaker(faults))
  const server = await listen(app, port)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  build(app, url)

  return {
    url,
    asked,
    count: (path) => asked.filter((one) => one.path === path).length,
    fault: (path, fault) => faults.set(path, { ...fault }),
    mend: () => {
      faults.clear()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function recorder(asked: Asked[]): RequestHandler {
  return (req, _res, next) => {
    const { method, path, headers } = req
    const query = req.query as Record<string, string>
    const body = (req.body ?? {}) as Record<string, string>
    const sent = req.is('application/json') ? { form: {}, json: body as unknown } : { form: body }
    asked.push({ method, path, query, headers, ...sent })
    next()
  }
}

const PANEL = new Set(['/', '/panel', '/till'])

function breaker(faults: Map<string, Fault>): RequestHandler {
  return async (req, res, next) => {
    const path = faults.has(req.path) || PANEL.has(req.path) ? req.path : '*'
    const fault = faults.get(path)
    if (!fault) {
      next()
      return
    }
    if (fault.times !== undefined && --fault.times <= 0) faults.delete(path)
    if (fault.delay) await pause(fault.delay)
    await fault.until
    if (fault.way) misbehave(fault.way, res, next)
    else if (fault.status !== undefined || fault.body !== undefined) answer(fault, res)
    else next()
  }
}

function answer({ status = 200, body = '', headers = {} }: Fault, res: Response) {
  res.status(status).set({ 'Content-Type': 'application/json', ...headers })
  res.send(body)
}

function misbehave(way: NonNullable<Fault['way']>, res: Response, next: () => void) {
  if (way === 'hang') return
  if (way === 'redirect') res.redirect(307, 'http://127.0.0.1:9/elsewhere')
  else if (way === 'reset') {
    res.write('{"access_token":"half')
    setTimeout(() => res.socket?.destroy(), 20)
  } else if (way === 'lost') {
    res.end = () => res.socket?.destroy() as unknown as Response
    next()
  } else if (way === 'drip') drip(res)
  else flood(res)
}

function drip(res: Response) {
  const timer = setInterval(() => res.write(' '), 500)
  res.on('close', () => {
    clearInterval(timer)
  })
}

function flood(res: Response) {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = () => {
    while (!res.destroyed && res.write(chunk));
  }
  res.on('drain', more)
  more()
}

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = app.listen(port, '127.0.0.1', () => {
      resolve(server)
    })
  })
}
