import { CLOCK, type Clock } from '../clock.ts'

/** How a job of this process keeps its timetable. */
export interface JobTicks {
  job: string
  /** When it last began; undefined before its first tick. */
  lastAt: Date | undefined
  /** Since its last beginning, or since it has had a timetable; by the steady clock, milliseconds. */
  ageMs: number
  periodMs: number
  running: boolean
  /** More than three periods ago: it hangs, or nothing calls it any more. */
  late: boolean
}

interface Kept {
  lastAt: Date | undefined
  begun: number
  periodMs: number
  running: boolean
}

const PERIODS = 3
/** A job of every second may wait so long for a busy database. */
const SHORTEST_MS = 10_000

/** The last tick of each job of this process. It is kept in memory and ends with the process. */
export function createTicks({ wall, steady }: Clock = CLOCK) {
  const jobs = new Map<string, Kept>()

  function read([job, { lastAt, begun, periodMs, running }]: [string, Kept]): JobTicks {
    const ageMs = steady() - begun
    const late = ageMs > Math.max(PERIODS * periodMs, SHORTEST_MS)
    return { job, lastAt, ageMs, periodMs, running, late }
  }

  return {
    /** Ticks of this job are so far apart from now on. */
    expect(job: string, periodMs: number) {
      const known = jobs.get(job)
      if (known) known.periodMs = periodMs
      else jobs.set(job, { lastAt: undefined, begun: steady(), periodMs, running: false })
    },
    began(job: string) {
      const known = jobs.get(job)
      if (known) Object.assign(known, { lastAt: new Date(wall()), begun: steady(), running: true })
    },
    ended(job: string) {
      const known = jobs.get(job)
      if (known) known.running = false
    },
    all: (): JobTicks[] => [...jobs].map(read),
    late: (): string[] => [...jobs].map(read).flatMap(({ job, late }) => (late ? [job] : [])),
    /** The timetable has ended with its process. */
    clear() {
      jobs.clear()
    },
  }
}
