import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Ending } from './connect.ts'

/** Starts the clock of one attempt to connect; what it gives counts the outcome and hands it on. */
export function measureConnect({ metrics }: Context, { key: platform }: Provider) {
  const begun = performance.now()
  return <Outcome extends Ending['outcome']>(outcome: Outcome): Outcome => {
    metrics.connects.inc({ platform, outcome })
    metrics.connectSeconds.observe({ platform }, (performance.now() - begun) / 1000)
    return outcome
  }
}
