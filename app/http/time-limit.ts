/** Ends what takes too long; `end` is for what has ended by itself. */
export interface TimeLimit {
  signal: AbortSignal
  end: () => void
}

/**
 * Aborts after so many milliseconds, as `AbortSignal.timeout` does. While this process stood still nobody read what had
 * come: by as much as the moment is missed, once, there is time to read it.
 */
export function startTimeLimit(ms: number): TimeLimit {
  const ended = new AbortController()
  const giveUp = () => {
    ended.abort(new DOMException('no answer in time', 'TimeoutError'))
  }
  const due = performance.now() + ms
  let timer = setTimeout(() => {
    timer = setTimeout(giveUp, Math.min(ms, performance.now() - due)).unref()
  }, ms).unref()
  return {
    signal: ended.signal,
    end() {
      clearTimeout(timer)
    },
  }
}
