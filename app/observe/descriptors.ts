import { closeSync, openSync } from 'node:fs'
import { CLOCK, type Clock } from '../clock.ts'
import type { Log } from './log.ts'

/** Always there, and opening it changes nothing. */
const PROBE = '/dev/null'
const SAY_EVERY_MS = 60_000
/** Visitors who come and go take turns with the last descriptor: that is no end of it. */
const OVER_AFTER_MS = 3_000

/** The process, or the whole machine, may open nothing more (open(2): EMFILE, ENFILE). */
export const isOutOfDescriptors = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^E[MN]FILE$/.test(String(error.code))

/**
 * Node closes connections it has no descriptor for without a word, so we try ourselves. The log gets a line when it
 * begins, one a minute while it lasts, and one when it is over. `open` takes a descriptor and gives it back.
 */
export function createDescriptors(log: Log, { steady }: Clock = CLOCK, open = openAndClose) {
  let saidAt: number | undefined
  let lastAt = 0

  function note(exhausted: boolean) {
    const now = steady()
    if (exhausted) {
      lastAt = now
      if (saidAt !== undefined && now - saidAt < SAY_EVERY_MS) return
      saidAt = now
      log.error('out_of_file_descriptors', { remedy: 'ulimit -n, LimitNOFILE' })
    } else if (saidAt !== undefined && now - lastAt >= OVER_AFTER_MS) {
      saidAt = undefined
      log.info('file_descriptors_again')
    }
  }

  return {
    /** Whether nothing more can be opened at this moment. */
    exhausted(): boolean {
      const exhausted = fails(open)
      note(exhausted)
      return exhausted
    },
  }
}

function openAndClose() {
  closeSync(openSync(PROBE, 'r'))
}

function fails(open: () => void): boolean {
  try {
    open()
    return false
  } catch (error) {
    return isOutOfDescriptors(error)
  }
}
