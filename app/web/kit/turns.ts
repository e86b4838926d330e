import type { Response } from 'express'
import { Busy, ClientGone } from '../../errors.ts'

const AGAIN_S = 30

/**
 * Work for people who wait: so many at once in the process, so many in the queue, and nothing for whoever has left it.
 * @throws Busy when the queue is full; ClientGone
 */
export function createTurns(atOnce: number, mostWaiting: number) {
  const waiting: (() => void)[] = []
  let busy = 0

  return async <T>(res: Response, work: () => Promise<T>): Promise<T> => {
    if (busy >= atOnce) {
      if (waiting.length >= mostWaiting) throw new Busy('pictures_full', AGAIN_S)
      await new Promise<void>((next) => waiting.push(next)) // whoever ends hands over the place
    } else busy += 1
    try {
      if (res.closed) throw new ClientGone()
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy -= 1
    }
  }
}
