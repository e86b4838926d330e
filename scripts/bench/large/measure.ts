import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Said } from '../../../tests/support/heard-statements.ts'
import type { Planner } from '../../../tests/support/plans.ts'

/** What may be asked of any page, claim or figure. */
const MOST_CPU_MS = 25
const MOST_BLOCKED_MS = 50

/**
 * Least of some rounds: CPU of this process, longest block of its event loop, what of that was work of ours and not a wait for
 * the disk or for a core, and time in all; milliseconds.
 */
export interface Measured {
  name: string
  cpu: number
  blocked: number
  worked: number
  wall: number
  /** What is read from end to end, with the beginning of the statement. */
  scans: string[]
  failed?: string
  /** It goes on for as long as it takes, and only holds up nobody. */
  long: boolean
}

/** What tells of statements: those that are heard from now on, and how they are planned. */
export interface Listener {
  heard: Map<string, Said>
  planner: Planner
}

/** Measures `work` some times; what it is the first to say to the database is planned afterwards. */
export async function measure(
  name: string,
  work: () => Promise<unknown>,
  { heard, planner }: Listener,
  { rounds = 5, long = false } = {},
): Promise<Measured> {
  heard.clear()
  const least = { cpu: Infinity, blocked: Infinity, worked: Infinity, wall: Infinity }
  try {
    for (let round = 0; round < rounds; round += 1) {
      const one = await timed(work)
      for (const part of PARTS) least[part] = Math.min(least[part], one[part])
    }
  } catch (error) {
    return { name, ...least, scans: [], failed: String(error), long }
  }
  const scans: string[] = []
  for (const said of heard.values())
    for (const scan of await planner.scansOf(said))
      if (!SMALL.test(scan)) scans.push(`${scan}: ${said.sql.slice(0, 120)}`)
  return { name, ...least, scans, long }
}

async function timed(work: () => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  await turn()
  delay.enable()
  await turn()
  const turns = countWork()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const wall = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  await turn()
  const worked = turns.most()
  delay.disable()
  const blocked = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
  return {
    cpu: (user + system) / 1000,
    blocked: Number.isFinite(blocked) ? blocked : 0,
    worked,
    wall,
  }
}

/** The most CPU of this process between two turns of a timer. */
function countWork(): { most: () => number } {
  let [most, before] = [0, process.cpuUsage()]
  const look = () => {
    const { user, system } = process.cpuUsage(before)
    most = Math.max(most, (user + system) / 1000)
    before = process.cpuUsage()
  }
  const timer = setInterval(look, RESOLUTION_MS)
  return {
    most() {
      clearInterval(timer)
      look()
      return most
    },
  }
}

/** Tables that do not grow. */
const SMALL =
  /^(pg_\w+|pragma_\w+|sqlite_master|knex_migrations\w*|vault_canaries|platform_outages|custom_providers|platform_settings|\w+_counts|CONSTANT|some)\b/
const RESOLUTION_MS = 1
/** In the order they are told. */
const PARTS = ['cpu', 'blocked', 'worked', 'wall'] as const
const turn = () => new Promise((wake) => setTimeout(wake, 5))

export const isOver = ({ cpu, blocked, long }: Measured) =>
  (cpu > MOST_CPU_MS && !long) || blocked > MOST_BLOCKED_MS

/** One line, marked where it is too much. */
export function lineOf(one: Measured): string {
  const { name, scans, failed } = one
  const over = isOver(one) ? ' OVER' : ''
  const figures = PARTS.map((part) => one[part].toFixed(1).padStart(9)).join('')
  return [
    `${name.padEnd(44)}${figures}${over}${failed ? ` FAILED ${failed}` : ''}`,
    ...scans.map((scan) => `    reads all of ${scan}`),
  ].join('\n')
}
