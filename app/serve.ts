import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createApp } from './app.ts'
import type { Context } from './context.ts'
import { isOutOfDescriptors } from './observe/descriptors.ts'
import { tryMail } from './flows/notices/try-mail.ts'
import { startJobs } from './jobs.ts'
import { listen } from './listen.ts'
import { prepareDatabase } from './store/prepare.ts'
import { messagesOf } from './web/messages.ts'

/** A running EvoSync. */
export interface Running {
  /** The port it really listens on. */
  port: number
  /**
   * Says that it is not ready any more, and for `graceMs` still takes requests of whoever has not heard of it. Then lets
   * requests and jobs finish, and lets go of everything.
   */
  stop(graceMs?: number): Promise<void>
}

const HEADERS_TIMEOUT_MS = 15_000
/** Longer than proxies keep one they do not use (nginx 60 s, Caddy two minutes): what they send into it arrives. */
const KEPT_MS = 130_000
const LOOK_EVERY_MS = 1_000
/** A few photos from a telephone on a slow line are among it. */
const REQUEST_TIMEOUT_MS = 120_000

/**
 * Waits for the database, proves the keys, migrates, listens, starts the jobs. `signal` ends the waiting.
 * @throws ConfigError in words when any of it is not possible
 */
export async function serve(ctx: Context, signal?: AbortSignal): Promise<Running> {
  const { db, vault, log, config } = ctx
  await prepareDatabase(db, config.database, vault, {
    waitMs: config.databaseWaitMs,
    log,
    ...(signal && { signal }),
  })

  const app = createApp(ctx)
  const server = createServer({
    ...messagesOf(app),
    keepAliveTimeout: KEPT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  })
  const visitors = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    visitors.add(socket)
    socket.once('close', () => visitors.delete(socket))
  })
  const answering = new Set<ServerResponse>()
  server.on('request', (_req, res) => {
    if (ctx.leaving.signal.aborted) keepNot(res)
    answering.add(res)
    res.once('close', () => answering.delete(res))
  })
  server.on('request', app)
  await listen(server, ctx.config)
  const unwatch = watchDescriptors(server, ctx)
  const jobs = startJobs(ctx)
  void tryMail(ctx)

  return {
    port: (server.address() as AddressInfo).port,
    async stop(graceMs = 0) {
      ctx.leaving.abort()
      for (const res of answering) keepNot(res)
      const worked = jobs.stop().then(() => leave(ctx))
      await pause(graceMs)
      unwatch()
      for (const res of answering) sayGoodbye(res)
      const heard = new Set([...answering].map(({ socket }) => socket))
      const silent = [...visitors].filter((socket) => !heard.has(socket))
      await Promise.all([close(server, silent), worked])
      await ctx.close()
    },
  }
}

/** The others need not find out by waiting. */
const leave = ({ instances, instance }: Context) => instances.leave(instance).catch(() => undefined) // a database that is away forgets it by time

/** A visitor there is no descriptor for ends nothing; the log hears of it. Gives what ends the watch. */
export function watchDescriptors(
  server: Server,
  { descriptors, log }: Pick<Context, 'descriptors' | 'log'>,
): () => void {
  server.on('error', (error) => {
    if (isOutOfDescriptors(error)) descriptors.exhausted()
    else log.error('server_failed', { error })
  })
  const timer = setInterval(() => descriptors.exhausted(), LOOK_EVERY_MS).unref()
  return () => {
    clearInterval(timer)
  }
}

/** A kept connection would be cut between two requests. */
function keepNot(res: ServerResponse) {
  if (!res.headersSent) res.setHeader('Connection', 'close')
}

/** A kept-alive socket would hold the process back for seconds, and a stream of events for minutes. */
function sayGoodbye(res: ServerResponse) {
  if (!res.headersSent) keepNot(res)
  else if (String(res.getHeader('Content-Type')).startsWith('text/event-stream')) res.end()
}

/** Stops taking connections, waits for the requests under way; who has asked nothing yet would be waited for in vain. */
function close(server: Server, silent: readonly Socket[]): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    for (const socket of silent) socket.destroy()
  })
}
