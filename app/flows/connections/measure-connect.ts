import type { Context } from '../../context.ts'
import type { ConnectFailure } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'

/** Starts the clock of one attempt to connect; what it gives counts the outcome and hands it on. */
export function measureConnect({ metrics }: Context, { key: platform }: Provider) {
  const begun = performance.now()
  return <Outcome extends 'connected' | ConnectFailure>(outcome: Outcome): Outcome => {
    metrics.connects.inc({ platform, outcome })
    metrics.connectSeconds.observe({ platform }, (performance.now() - begun) / 1000)
    return outcome
  }
}
