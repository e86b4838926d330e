import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { emptyState, type State } from '../kit/state.ts'

/** A platform, the person's connection to it, and what that amounts to. */
export interface Seat {
  provider: Provider
  connection: Connection | undefined
  state: State
}

/** That of whoever has not connected the platform. */
export const emptySeatOf = (provider: Provider): Seat => ({
  provider,
  connection: undefined,
  state: emptyState(provider),
})
