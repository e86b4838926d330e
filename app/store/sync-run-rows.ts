import { toDate, toDateIf } from './db.ts'
import type { Read, SyncRunRow } from './tables.ts'
import {
  type Origin,
  ORIGINS,
  RUN_STATES,
  type RunState,
  type Stage,
  STAGES,
  wordIn,
} from './vocabulary.ts'

/** How many products of a run came to what. */
export interface Counts {
  created: number
  updated: number
  hidden: number
  removed: number
  failed: number
  skipped: number
}

/**
 * What whoever carries a run out shows at each of its writes: a later claim has a higher fence, and writes of an earlier one
 * change nothing any more.
 */
export interface Claim {
  id: number
  fence: number
}

/** One carrying of a catalogue, or what one would do. */
export interface Run extends Counts, Claim {
  linkId: number
  state: RunState
  origin: Origin
  startedBy: string | undefined
  /** The run whose failures are tried again, or whose changes are taken back. */
  parentId: number | undefined
  /** Lists everything, not only what has changed. */
  whole: boolean
  /** A person has agreed that so many cards vanish. */
  confirmed: boolean
  stage: Stage
  digest: string | undefined
  linkRevision: number
  /** Of the link, when its till was listed. */
  changes: number
  products: number
  /** Cards on the community's side when they were read. */
  shownBefore: number
  unchanged: number
  /** Changes to be made; skipped products are not counted. */
  total: number
  /** Albums that are called otherwise now. */
  renamed: number
  reason: string | undefined
  reasonValues: Record<string, string | number>
  /** Whose failure it is: a platform's key; undefined where it is nobody's, or nobody noted it. */
  reasonPlatform: string | undefined
  /** Where a person proves to be one. */
  reasonLink: string | undefined
  resumeAt: Date | undefined
  pauses: number
  /** Its first pause since it got on last. */
  failingSince: Date | undefined
  stopAsked: boolean
  createdAt: Date
  startedAt: Date | undefined
  finishedAt: Date | undefined
}

/** It is under way, or will be by itself. */
export const isActive = ({ state }: Run): boolean => UNDER_WAY[state]

const UNDER_WAY: Record<RunState, boolean> = {
  draft: false,
  queued: true,
  running: true,
  paused: true,
  done: false,
  stopped: false,
  failed: false,
}

/** Changes that are made, or have failed. */
export const settledOf = ({ created, updated, hidden, removed, failed }: Counts) =>
  created + updated + hidden + removed + failed

/** A state we do not know is somebody's work while the link is held by it, and over with otherwise. */
const stateOf = ({ state, active_link_id }: Read<SyncRunRow>): RunState =>
  wordIn(RUN_STATES, state) ?? (active_link_id === null ? 'failed' : 'running')

/** Field by field: a spread among forty makes each run a dictionary, which costs a history of fifty a millisecond. */
export function toRun(row: Read<SyncRunRow>): Run {
  return {
    id: row.id,
    fence: row.fence,
    linkId: row.link_id,
    state: stateOf(row),
    origin: wordIn(ORIGINS, row.origin) ?? 'manual',
    startedBy: row.started_by ?? undefined,
    parentId: row.parent_id ?? undefined,
    whole: Boolean(row.whole),
    confirmed: Boolean(row.confirmed),
    stage: wordIn(STAGES, row.stage) ?? 'source',
    digest: row.digest ?? undefined,
    linkRevision: row.link_revision,
    changes: row.changes,
    products: row.products,
    shownBefore: row.shown_before,
    unchanged: row.unchanged,
    total: row.total,
    created: row.created,
    updated: row.updated,
    hidden: row.hidden,
    removed: row.removed,
    failed: row.failed,
    skipped: row.skipped,
    renamed: row.renamed,
    reason: row.reason ?? undefined,
    reasonValues:
      row.reason_values === null ? {} : (JSON.parse(row.reason_values) as Run['reasonValues']),
    reasonPlatform: row.reason_platform ?? undefined,
    reasonLink: row.reason_link ?? undefined,
    resumeAt: toDateIf(row.resume_at),
    pauses: row.pauses,
    failingSince: toDateIf(row.failing_since),
    stopAsked: Boolean(row.stop_asked),
    createdAt: toDate(row.created_at),
    startedAt: toDateIf(row.started_at),
    finishedAt: toDateIf(row.finished_at),
  }
}
