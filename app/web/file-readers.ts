import type { Response } from 'express'
import { Busy } from '../errors.ts'

/** Readers of files that are made while they are read: in the process, and of one owner. */
export interface MostReaders {
  inAll: number
  ofOne: number
  /** Whoever takes nothing for so long is let go. */
  idleMs: number
}

const MOST: MostReaders = { inAll: 60, ofOne: 4, idleMs: 30_000 }
const AGAIN_S = 30

/** Lets a reader in until the answer has ended. @throws Busy when there are too many */
export function createFileReaders(most = MOST): (res: Response, owner: string) => void {
  const reading = new Map<string, number>()
  let all = 0

  return (res, owner) => {
    const own = reading.get(owner) ?? 0
    if (all >= most.inAll || own >= most.ofOne) throw new Busy('files_full', AGAIN_S)
    all += 1
    reading.set(owner, own + 1)
    res.setTimeout(most.idleMs, () => res.destroy())
    res.setMaxListeners(res.getMaxListeners() + 1) // compressing and piping listen ten times
    res.once('close', () => {
      all -= 1
      const left = (reading.get(owner) ?? 1) - 1
      if (left > 0) reading.set(owner, left)
      else reading.delete(owner)
    })
  }
}
