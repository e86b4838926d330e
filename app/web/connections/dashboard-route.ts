import type { Response } from 'express'
import type { Seat } from './seat.ts'
import type { RailStates } from '../catalogue/dashboard-rail.ts'
import { forAdministrators } from './card.ts'
import { nextAction } from './next-action.ts'
import { entryAt, railOf } from './rail.ts'
import { progressOf, stepsOf } from './onboarding.ts'

/** What stands below the goods: what the person has connected, and folded away what nobody asked for. */
export function othersIn(seats: readonly Seat[]) {
  const onRoute = new Set([sourceIn(seats), ...targetsIn(seats)])
  const others = seats.filter((seat) => !onRoute.has(seat))
  const idle = others.filter(({ connection }) => !connection)
  return {
    connected: others.filter(({ connection }) => connection),
    services: idle.filter(({ provider }) => !provider.signIn),
    // Those that are mostly for signing in are shown once they can be used.
    accounts: idle.filter(({ provider }) => provider.signIn && provider.configured),
  }
}

const sourceIn = (seats: readonly Seat[]) => seats.find(({ provider }) => provider.source)

/** Where goods go to: those that are connected, or the first to be. */
export function targetsIn(seats: readonly Seat[]): Seat[] {
  const targets = seats.filter(({ provider }) => provider.target)
  const connected = targets.filter(({ connection }) => connection)
  return connected.length > 0 ? connected : targets.slice(0, 1)
}

export function routeOf(seats: readonly Seat[], rails: RailStates, { locals }: Response) {
  const entry = locals.user?.role === 'admin' ? administratorsEntry : entryAt
  const source = sourceIn(seats)
  const targets = targetsIn(seats)
  const [first] = targets
  if (!source || !first) return { route: undefined, next: undefined }
  const ways = targets.map((target) => {
    const state = rails(target.provider.key, target === first)
    return { state, rail: railOf(source, target, state, locals), target: entry(target) }
  })
  const steps = stepsOf(source, first)
  const current = [source, first].find(({ connection }) => !connection)?.provider.key
  const known = ways.some(({ state }) => state.known)
  return {
    route: {
      source: entry(source),
      ways,
      current,
    },
    onboarding: known ? undefined : { steps, progress: progressOf(steps) },
    next: current ? undefined : nextAction(ways.map(({ state }) => state)),
  }
}

const administratorsEntry = (seat: Seat) => forAdministrators(entryAt(seat), seat.provider)
