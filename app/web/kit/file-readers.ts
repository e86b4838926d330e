import type { Response } from 'express'
import { Busy } from '../../errors.ts'
import { createPlaces, type MostPlaces } from './places.ts'

/** Readers of files that are made while they are read. */
export interface MostReaders extends MostPlaces {
  /** Whoever takes nothing for so long is let go. */
  idleMs: number
}

const MOST: MostReaders = { inAll: 60, ofOne: 4, idleMs: 30_000 }
const AGAIN_S = 30

/** Lets a reader in until the answer has ended. @throws Busy when there are too many */
export function createFileReaders(most = MOST): (res: Response, owner: string) => void {
  const enter = createPlaces(most)

  return (res, owner) => {
    const leave = enter(owner)
    if (!leave) throw new Busy('files_full', AGAIN_S)
    res.setTimeout(most.idleMs, () => res.destroy())
    res.setMaxListeners(res.getMaxListeners() + 1) // compressing and piping listen ten times
    res.once('close', leave)
  }
}
