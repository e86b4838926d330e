import type { Response } from 'express'
import type { Seat } from './seat.ts'
import type { RailStates } from '../catalogue/dashboard-rail.ts'
import { entryAt, railOf } from './rail.ts'
import { progressOf, stepsOf } from './onboarding.ts'

/** Platforms that are mostly for signing in are shown once they can be used. */
export function isOther(seats: readonly Seat[]) {
  const onRoute = new Set([sourceIn(seats), ...targetsIn(seats)])
  return (seat: Seat) =>
    !onRoute.has(seat) &&
    Boolean(!seat.provider.signIn || seat.provider.configured || seat.connection)
}

const sourceIn = (seats: readonly Seat[]) => seats.find(({ provider }) => provider.source)

/** Where goods go to: those that are connected, or the first to be. */
export function targetsIn(seats: readonly Seat[]): Seat[] {
  const targets = seats.filter(({ provider }) => provider.target)
  const connected = targets.filter(({ connection }) => connection)
  return connected.length > 0 ? connected : targets.slice(0, 1)
}

export function routeOf(seats: readonly Seat[], rails: RailStates, { locals }: Response) {
  const source = sourceIn(seats)
  const targets = targetsIn(seats)
  const [first] = targets
  if (!source || !first) return { route: undefined }
  const ways = targets.map((target) => {
    const state = rails(target.provider.key, target === first)
    return { state, rail: railOf(source, target, state, locals), target: entryAt(target) }
  })
  const steps = stepsOf(source, first)
  const known = ways.some(({ state }) => state.known)
  return {
    route: {
      source: entryAt(source),
      ways,
      current: [source, first].find(({ connection }) => !connection)?.provider.key,
    },
    onboarding: known ? undefined : { steps, progress: progressOf(steps) },
  }
}
