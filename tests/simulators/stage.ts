import type { Fault, PlatformSimulator } from './simulator.ts'

/** A platform as the endings of a connection see it: the same story for each. */
export interface Stage {
  key: string
  title: string
  /** What the card says of the first account of the consent page, and which is the second one. */
  first: string
  second: { id: string | number; name: string }
  simulator: PlatformSimulator
  /** Where codes become tokens, and where "who is this" is asked. */
  tokenPath: string
  probePath: string
  /** Renewing asks at the address of the probe: one does not fail without the other. */
  renewsByProbe?: true
  /** Variables that point EvoSync there; those of the simulator unless this way differs. */
  env?: Record<string, string>
  /** What an administrator types where it is they who add the platform. */
  typed?: Record<string, string>
  /** The variables whose absence leaves the platform without its application. */
  keys: readonly string[]
  /** The person takes the grant back at the platform. */
  revoke(): void
  /** What the platform says to a dead access token, and to renewing a dead grant. */
  deadAnswer: Fault
  deadRenewal?: Fault
}

/** One way a person can be connected. Each platform's simulator exports its own as `stagings`. */
export interface Staging {
  name: string
  open: () => Promise<Stage>
}
