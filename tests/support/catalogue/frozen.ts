import { randomUUID } from 'node:crypto'
import type { Context } from '../../../app/context.ts'
import type { PlatformHttp } from '../../../app/http/http-options.ts'
import { STORES } from './mortal.ts'

/** When it stands still: at its n-th call to the database or to a platform, before it is made or once it was answered. */
export interface Frost {
  call: number
  after: boolean
}

/**
 * A process as far as its runs are concerned, stopped for a while and none the wiser: SIGSTOP, a suspended machine. Units
 * of writes are one call: what freezes within one is the database's to keep.
 */
export interface Frozen {
  ctx: Context
  readonly calls: number
  /** It stands still. */
  stood: Promise<void>
  thaw(): void
}

/** Until it is thawed nothing it asks gets out, nothing it is told gets in, and its timers only add to what waits. */
export function frozen(ctx: Context, frost: Frost): Frozen {
  const cold = createGate()
  const stood = createGate()
  let gate: Promise<unknown> = Promise.resolve()
  let calls = 0

  function freeze() {
    gate = cold.opened
    stood.open()
  }

  async function slowly<T>(call: () => Promise<T>): Promise<T> {
    calls += 1
    const last = calls === frost.call
    if (last && !frost.after) freeze()
    await gate
    try {
      return await call()
    } finally {
      if (last && frost.after) freeze()
      await gate
    }
  }

  const stores = Object.fromEntries(STORES.map((name) => [name, slow(ctx[name], slowly)]))
  const httpFor = (...of: Parameters<Context['httpFor']>): PlatformHttp => {
    const http = ctx.httpFor(...of)
    return {
      get breaker() {
        return http.breaker
      },
      send: (request) => slowly(() => http.send(request)),
      sendOpenly: (request) => slowly(() => http.sendOpenly(request)),
      fetchFile: (...asked) => slowly(() => http.fetchFile(...asked)),
    }
  }
  const inOne: Context['inOne'] = (work) => slowly(() => ctx.inOne(work))
  const own = { httpFor, inOne, instance: randomUUID(), carrying: new Map() }
  return {
    ctx: { ...ctx, ...stores, ...own },
    get calls() {
      return calls
    },
    stood: stood.opened,
    thaw() {
      cold.open()
    },
  }
}

/** Lists that come page by page are only read, and pass. */
function slow<T extends object>(store: T, slowly: <R>(call: () => Promise<R>) => Promise<R>): T {
  return new Proxy(store, {
    get(target, name) {
      const verb = Reflect.get(target, name) as unknown
      if (typeof verb !== 'function' || verb.constructor.name === 'AsyncGeneratorFunction')
        return verb
      return (...given: unknown[]) =>
        slowly(() => Reflect.apply(verb, target, given) as Promise<unknown>)
    },
  })
}

function createGate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((done) => (open = done))
  return {
    opened,
    open: () => {
      open()
    },
  }
}
