import { start } from './decoder-process.ts'
import type { Ask } from './decoder-talk.ts'

/** Nobody asks any more: the process ends, and its memory with it. */
const IDLE_MS = 10_000

/** A process that unpacks pictures: started with the first, ended when there are none. For one picture at a time. */
export function createDecoder(idleMs = IDLE_MS) {
  let running: ReturnType<typeof start> | undefined
  let idle: NodeJS.Timeout | undefined

  /** One that ends while the next has begun already takes nothing from it. */
  function begin() {
    const own = start(() => {
      if (running === own) running = undefined
    })
    return own
  }

  return {
    /** @throws DecoderGone; what is wrong with the picture as an Error */
    async use<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
      clearTimeout(idle)
      const own = (running ??= begin())
      own.hold()
      try {
        return await work(own.ask)
      } finally {
        own.release()
        idle = setTimeout(() => running?.end(), idleMs).unref()
      }
    },
  }
}
