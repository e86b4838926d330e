import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** How a run ends, or rests. */
export const RUN_OUTCOMES = ['done', 'stopped', 'failed', 'paused'] as const
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

const PREFIX = 'evosync_'
/** Seconds: from a quick page to the longest a platform may take, a refresh included. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40]

/**
 * What EvoSync counts, in a registry of its own. Labels are keys of platforms, names of jobs and words of ours: their
 * number is bounded, and nobody's id or address is among them.
 */
export function createMetrics() {
  const registry = new Registry()
  const make = seriesOf(registry)

  const series = { ...platformSeries(make), ...ownSeries(make) }

  return {
    ...series,
    contentType: registry.contentType,
    /** Adds the process's own series, once; what they watch with lives as long as the process. */
    watchProcess() {
      if (registry.getSingleMetric(`${PREFIX}process_start_time_seconds`)) return
      collectDefaultMetrics({ register: registry, prefix: PREFIX })
    },
    /** A series that is not there before its first event hides that event from `increase()`. */
    beginAtZero(platforms: readonly string[], { verdicts, kinds }: Labels) {
      for (const platform of platforms) {
        for (const verdict of verdicts) series.checks.inc({ platform, verdict }, 0)
        for (const outcome of ['refreshed', 'refused', 'failed'])
          series.refreshes.inc({ platform, outcome }, 0)
        for (const kind of kinds) series.notices.inc({ platform, kind }, 0)
        series.breakerTurns.inc({ platform, to: 'open' }, 0)
      }
      for (const outcome of RUN_OUTCOMES) series.syncRuns.inc({ outcome }, 0)
      for (const outcome of ['created', 'updated', 'hidden', 'removed', 'failed'])
        series.syncCards.inc({ outcome }, 0)
      for (const result of ['hit', 'miss']) series.statusCache.inc({ result }, 0)
    },
    /** Everything in the text format of Prometheus. */
    text: () => registry.metrics(),
    close() {
      registry.clear()
    },
  }
}

/** Words that layers above count by: verdicts of checks, kinds of notices. */
type Labels = Readonly<Record<'verdicts' | 'kinds', readonly string[]>>

type Make = ReturnType<typeof seriesOf>

function seriesOf(registry: Registry) {
  const registers = [registry]
  const about = <Label extends string>(name: string, help: string, labelNames: Label[]) => ({
    name: PREFIX + name,
    help,
    labelNames,
    registers,
  })
  return {
    counter: <Label extends string>(name: string, help: string, ...labels: Label[]) =>
      new Counter(about(name, help, labels)),
    gauge: <Label extends string>(name: string, help: string, ...labels: Label[]) =>
      new Gauge(about(name, help, labels)),
    histogram: <Label extends string>(name: string, help: string, ...labels: Label[]) =>
      new Histogram({ ...about(name, help, labels), buckets: BUCKETS }),
  }
}

/** What happens between us and the platforms. */
const platformSeries = ({ counter, gauge, histogram }: Make) => ({
  connections: gauge('connections', 'Connections by state of health', 'platform', 'health'),
  postponed: gauge('connections_postponed', 'Connections whose check is put off', 'platform'),
  checks: counter('checks_total', 'Health checks by what they found', 'platform', 'verdict'),
  checkSeconds: histogram('check_duration_seconds', 'How long a health check takes', 'platform'),
  refreshes: counter('refreshes_total', 'Token refreshes by outcome', 'platform', 'outcome'),
  connects: counter('connects_total', 'Attempts to connect by outcome', 'platform', 'outcome'),
  connectSeconds: histogram(
    'connect_duration_seconds',
    'From the return of a person to the stored connection',
    'platform',
  ),
  requests: counter('outgoing_requests_total', 'Requests by verdict', 'platform', 'verdict'),
  requestSeconds: histogram(
    'outgoing_request_duration_seconds',
    'How long one request takes',
    'platform',
  ),
  breaker: gauge('breaker_state', '1 for the state the breaker is in', 'platform', 'state'),
  breakerTurns: counter('breaker_transitions_total', 'Turns of the breaker', 'platform', 'to'),
  hints: counter('hints_total', 'What platforms sent by themselves', 'platform', 'outcome'),
  notices: counter('notices_total', 'Notices given to owners', 'platform', 'kind'),
})

/** What happens inside. A job is a `task` here: Prometheus itself puts `job` on every series. */
const ownSeries = ({ counter, gauge, histogram }: Make) => ({
  syncRuns: counter('sync_runs_total', 'Runs of the catalogue by how they ended', 'outcome'),
  syncCards: counter('sync_cards_total', 'Cards by what became of them', 'outcome'),
  statusCache: counter('status_cache_total', 'Statuses asked of the cache', 'result'),
  jobRuns: counter('job_runs_total', 'Runs of a job', 'task'),
  jobFailures: counter('job_failures_total', 'Runs of a job that failed', 'task'),
  jobSeconds: histogram('job_duration_seconds', 'How long a run of a job takes', 'task'),
  jobAge: gauge('job_last_tick_age_seconds', 'Since a job last began, by a steady clock', 'task'),
  jobLate: gauge('job_late', '1 if a job has not begun for three of its periods', 'task'),
  jobSucceeded: gauge('job_last_success_timestamp_seconds', 'When a job last succeeded', 'task'),
  letters: counter('letters_total', 'Letters by outcome', 'outcome'),
  pages: counter('http_requests_total', 'Requests served', 'route', 'class'),
  pageSeconds: histogram('http_request_duration_seconds', 'How long an answer takes', 'route'),
  backupAge: gauge('backup_age_seconds', 'Since the last copy of the database that was made'),
  backupFailed: gauge('backup_failed', '1 if the last attempt at a copy of the database failed'),
  databaseUp: gauge('database_up', '1 if the database answered this scrape'),
  databasePool: gauge('database_pool', 'Connections of the pool, and who waits for one', 'state'),
  build: gauge(
    'build_info',
    'Always 1; version, Node and database as labels',
    'version',
    'node',
    'database',
  ),
})
