import { randomUUID } from 'node:crypto'
import type { Context } from '../../../app/context.ts'
import type { PlatformHttp } from '../../../app/http/http-options.ts'

/** When it dies: at its n-th call to the database or to a platform, before it is made or after it was answered. */
export interface Death {
  call: number
  after: boolean
}

/** A process as far as its runs are concerned: it has a lease of its own, and may die. */
export interface Mortal {
  ctx: Context
  /** Calls so far. */
  readonly calls: number
  readonly dead: boolean
  /** What was on its way when it died arrives all the same; this waits for it. */
  quiet(): Promise<void>
}

export const STORES = [
  'syncRuns',
  'syncItems',
  'syncSteps',
  'syncLinks',
  'syncResults',
  'photos',
] as const

/**
 * Everything a run touches the world by, counted. Once it is dead nothing gets through any more, whatever the code does
 * to mend it: as after `kill -9`, but that the code ends and leaves no timers behind.
 */
export function mortal(ctx: Context, death?: Death): Mortal {
  const under = new Set<Promise<unknown>>()
  let calls = 0
  let dead = false

  function live<T>(call: () => T): T {
    if (dead) throw new Died()
    calls += 1
    const last = calls === death?.call
    if (last && !death.after) die()
    const result = call()
    if (!(result instanceof Promise)) return last ? die() : result
    under.add(result)
    const gone = () => under.delete(result)
    result.then(gone, gone)
    return result.then(
      (value: unknown) => {
        if (last) die()
        if (dead) throw new Died()
        return value
      },
      (error: unknown) => {
        if (last) die()
        throw dead ? new Died() : error
      },
    ) as T
  }

  function die(): never {
    dead = true
    throw new Died()
  }

  const stores = Object.fromEntries(STORES.map((name) => [name, counted(ctx[name], live)]))
  /** Its last words are nobody's business. */
  const log: Context['log'] = {
    ...ctx.log,
    error: (event, fields) => {
      if (!dead) ctx.log.error(event, fields)
    },
  }
  const httpFor = (...of: Parameters<Context['httpFor']>): PlatformHttp => {
    const http = ctx.httpFor(...of)
    return {
      get breaker() {
        return http.breaker
      },
      send: (request) => live(() => http.send(request)),
      sendOpenly: (request) => live(() => http.sendOpenly(request)),
      fetchFile: (request) => live(() => http.fetchFile(request)),
    }
  }
  const inOne: Context['inOne'] = (work) => live(() => ctx.inOne(work))
  const own = { httpFor, log, inOne, instance: randomUUID(), carrying: new Map() }
  return {
    ctx: { ...ctx, ...stores, ...own },
    get calls() {
      return calls
    },
    get dead() {
      return dead
    },
    async quiet() {
      await Promise.allSettled(under)
    },
  }
}

class Died extends Error {
  override readonly name = 'Died'
}

function counted<T extends object>(store: T, live: <R>(call: () => R) => R): T {
  return new Proxy(store, {
    get(target, name) {
      const verb = Reflect.get(target, name) as unknown
      if (typeof verb !== 'function') return verb
      return (...given: unknown[]) => live(() => Reflect.apply(verb, target, given) as unknown)
    },
  })
}
