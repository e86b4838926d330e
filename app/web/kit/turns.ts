import type { Response } from 'express'
import pLimit from 'p-limit'
import { Busy, ClientGone } from '../../errors.ts'

const AGAIN_S = 30

/**
 * Work for people who wait: so many at once in the process, so many in the queue, and nothing for whoever has left it.
 * @throws Busy when the queue is full; ClientGone
 */
export function createTurns(atOnce: number, mostWaiting: number) {
  const turns = pLimit(atOnce)

  return async <T>(res: Response, work: () => Promise<T>): Promise<T> => {
    if (turns.activeCount >= atOnce && turns.pendingCount >= mostWaiting)
      throw new Busy('pictures_full', AGAIN_S)
    return await turns(async () => {
      if (res.closed) throw new ClientGone()
      return await work()
    })
  }
}
