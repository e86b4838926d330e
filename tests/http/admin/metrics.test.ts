import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { VK, VK_ID } from '../../support/platforms.ts'
import { openConnectedScene, openScene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'

const TOKEN = 'metrics-canary-3f81c6'
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` }
const WATCHED = { env: { METRICS_TOKEN: TOKEN } }

describe('Who may read /metrics', () => {
  test('nobody where no token is set: there is no such page', async () => {
    const app = await startApp()

    const page = await app.newBrowser().get('/metrics', { authorization: 'Bearer ' })

    expect(page.status).toBe(404)
  })

  test.each([
    ['no header', {}],
    ['another token', { authorization: 'Bearer another' }],
    ['a part of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the token in the address', {}, `?token=${TOKEN}`],
  ])('nobody with %s', async (_name, headers, query = '') => {
    const app = await startApp(WATCHED)

    const page = await app.newBrowser().get(`/metrics${query}`, headers)

    expect(page.status).toBe(401)
    expect(page.headers['www-authenticate']).toBe('Bearer')
    expect(page.html).not.toContain('evosync_')
  })

  test('an administrator in a browser neither: a session is no token', async () => {
    const { browser } = await openScene(VK, WATCHED)

    expect((await browser.get('/metrics')).status).toBe(401)
  })

  test('who shows the token, without a cookie, and the answer is kept nowhere', async () => {
    const app = await startApp(WATCHED)

    const page = await app.newBrowser().get('/metrics', AUTHORIZED)

    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.headers).not.toHaveProperty('set-cookie')
  })

  test('the token is in no line of the log and on no page', async () => {
    const { app, browser } = await openScene(VK, WATCHED)
    await browser.get('/metrics', AUTHORIZED)

    const health = await browser.get('/admin/health')

    expect(health.html + JSON.stringify(app.lines)).not.toContain(TOKEN)
  })
})

describe.each(ENGINES)('What /metrics tells on %s', (engine) => {
  test('at least 25 series, the process among them', async () => {
    const app = await startApp({ engine, ...WATCHED })

    const names = namesIn(await scraped(app))

    expect(names.size).toBeGreaterThanOrEqual(25)
    expect([...names]).toEqual(
      expect.arrayContaining([
        'evosync_process_cpu_seconds_total',
        'evosync_nodejs_eventloop_lag_p99_seconds',
        'evosync_status_cache_total',
      ]),
    )
    for (const name of names) expect(name).toMatch(/^evosync_/)
  })

  test('connections by platform and state, as they stand at that moment', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine, ...WATCHED })
    const before = await scraped(app)
    await browser.submit(await browser.get('/vk'), '/vk/disconnect')
    const after = await scraped(app)

    expect(valueOf(before, 'evosync_connections{platform="vk",health="online"}')).toBe(1)
    expect(valueOf(after, 'evosync_connections{platform="vk",health="online"}')).toBeUndefined()
    expect(valueOf(after, 'evosync_database_up')).toBe(1)
  })

  test('a connection of a platform that is gone is counted as of another', async () => {
    const { app } = await openConnectedScene(VK, { engine, ...WATCHED })
    await app.ctx.db('connections').update({ provider: 'gone-for-good' })

    const text = await scraped(app)

    expect(valueOf(text, 'evosync_connections{platform="other",health="online"}')).toBe(1)
    expect(text).not.toContain('gone-for-good')
  })
})

describe('What is counted', () => {
  test('connecting, its requests and how long they took', async () => {
    const { app } = await openConnectedScene(VK, WATCHED)

    const text = await scraped(app)

    expect(valueOf(text, 'evosync_connects_total{platform="vk",outcome="connected"}')).toBe(1)
    expect(valueOf(text, 'evosync_connect_duration_seconds_count{platform="vk"}')).toBe(1)
    const requests = valueOf(text, 'evosync_outgoing_requests_total{platform="vk",verdict="ok"}')
    expect(requests).toBeGreaterThanOrEqual(2)
    expect(valueOf(text, 'evosync_outgoing_request_duration_seconds_count{platform="vk"}')).toBe(
      requests,
    )
    expect(valueOf(text, 'evosync_breaker_state{platform="vk",state="closed"}')).toBe(1)
    expect(valueOf(text, 'evosync_breaker_state{platform="vk",state="open"}')).toBe(0)
  })

  test('a person who refuses, and a callback that is not ours', async () => {
    const { app, browser } = await openScene(VK, WATCHED)
    await browser.connect('vk', { decision: 'refuse' })
    await browser.get('/vk/callback?code=x')

    const text = await scraped(app)

    expect(valueOf(text, 'evosync_connects_total{platform="vk",outcome="access_denied"}')).toBe(1)
    expect(valueOf(text, 'evosync_connects_total{platform="vk",outcome="invalid_state"}')).toBe(1)
  })

  test('checks by what they found, a pause as nothing known', async () => {
    const { app, stage } = await openConnectedScene(VK, WATCHED)
    await tick(app)
    stage.simulator.fault(stage.probePath, { status: 429, body: '' })
    await tick(app)

    const text = await scraped(app)

    expect(valueOf(text, 'evosync_checks_total{platform="vk",verdict="online"}')).toBe(1)
    expect(valueOf(text, 'evosync_checks_total{platform="vk",verdict="unknown"}')).toBe(1)
    expect(valueOf(text, 'evosync_check_duration_seconds_count{platform="vk"}')).toBe(2)
    expect(valueOf(text, 'evosync_connections_postponed{platform="vk"}')).toBe(1)
    expect(
      valueOf(text, 'evosync_outgoing_requests_total{platform="vk",verdict="rate_limited"}'),
    ).toBeGreaterThanOrEqual(1)
  })

  test('an outage: the requests, the breaker that opens, what it holds back, the notice', async () => {
    const { app, stage } = await openConnectedScene(VK, {
      ...WATCHED,
      http: { breaker: { failures: 1, cooldownMs: 60_000, successes: 3 } },
    })
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })
    await tick(app)
    await tick(app)

    const text = await scraped(app)

    const tries = valueOf(text, 'evosync_outgoing_requests_total{platform="vk",verdict="outage"}')
    expect(tries).toBe(4) // one call, and the same again after one, two and four seconds
    expect(
      valueOf(text, 'evosync_outgoing_requests_total{platform="vk",verdict="circuit_open"}'),
    ).toBe(1)
    expect(valueOf(text, 'evosync_breaker_state{platform="vk",state="open"}')).toBe(1)
    expect(valueOf(text, 'evosync_breaker_transitions_total{platform="vk",to="open"}')).toBe(1)
    expect(valueOf(text, 'evosync_notices_total{platform="vk",kind="unreachable"}')).toBe(1)
    expect(valueOf(text, 'evosync_notices_total{platform="vk",kind="revoked"}')).toBe(0)
  })

  test('refreshes by what came of them, and letters', async () => {
    const mailbox = await startMailbox()
    const env = { ...WATCHED.env, SMTP_URL: mailbox.url }
    const { app, stage } = await openConnectedScene(VK_ID, { env })
    const refresh = async () => {
      await app.ctx.db('connections').update({ refresh_due_at: new Date(0), refresh_after: null })
      await tick(app)
    }
    await refresh()
    stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })
    await refresh()
    stage.simulator.fault(stage.tokenPath, { status: 400, body: '{"error":"invalid_grant"}' })
    await refresh()
    await mailbox.letter(2) // that it cannot be renewed, and that it is over

    const refreshes = (text: string, outcome: string) =>
      valueOf(text, `evosync_refreshes_total{platform="vk",outcome="${outcome}"}`)
    await expect
      .poll(async () => valueOf(await scraped(app), 'evosync_letters_total{outcome="sent"}'))
      .toBe(2)
    const text = await scraped(app)
    expect(['refreshed', 'failed', 'refused'].map((outcome) => refreshes(text, outcome))).toEqual([
      1, 1, 1,
    ])
    expect(valueOf(text, 'evosync_notices_total{platform="vk",kind="revoked"}')).toBe(1)
  })

  test('jobs: those that ran and the one that failed', async () => {
    const app = await startApp(WATCHED)
    await expect.poll(() => app.logged('swept').length).toBe(1)

    const text = await scraped(app)

    expect(valueOf(text, 'evosync_job_runs_total{task="sweep"}')).toBe(1)
    expect(valueOf(text, 'evosync_job_failures_total{task="sweep"}')).toBeUndefined()
    expect(
      valueOf(text, 'evosync_job_last_success_timestamp_seconds{task="sweep"}'),
    ).toBeGreaterThan(Date.now() / 1000 - 60)
  })

  test('pages by part of the site and class of status, never by their address', async () => {
    const { app, browser } = await openScene(VK, WATCHED)
    await browser.get('/connections')
    await browser.get('/vk')
    await browser.get('/nonsense-that-nobody-asks-for')
    await browser.get('/healthz')

    const text = await scraped(app)

    expect(pages(text, 'connections', '2xx')).toBe(1)
    expect(pages(text, 'platform', '2xx')).toBe(1)
    expect(pages(text, 'other', '4xx')).toBe(1)
    expect(pages(text, 'watching', '2xx')).toBe(1)
    expect(text).not.toContain('nonsense')
  })

  test('nothing that grows with people: no id, no address, no e-mail', async () => {
    const { app } = await openConnectedScene(VK, WATCHED)

    const labels = new Set(
      [...(await scraped(app)).matchAll(/[{,](\w+)="/g)].map(([, name]) => name),
    )

    expect([...labels].sort()).toEqual(LABELS)
  })
})

describe('The board and the rules in docs', () => {
  const board = read('docs/grafana/evosync.json')
  const rules = read('docs/prometheus/alerts.yml')

  test('the board is JSON, and every panel asks for something', () => {
    const { title, panels } = JSON.parse(board) as Board
    const charts = panels.filter(({ type }) => type !== 'row')

    expect(title).toBe('EvoSync')
    expect(charts.length).toBeGreaterThanOrEqual(12)
    for (const { title: name, targets = [] } of charts) {
      expect(targets.length, name).toBeGreaterThan(0)
      for (const { expr } of targets) expect(expr, name).toMatch(/evosync_|up\{/)
    }
  })

  test.each([
    ['the board', board],
    ['the rules', rules],
  ])(
    '%s asks for series that are really served, by labels they really have',
    async (_name, text) => {
      const { app } = await openConnectedScene(VK, WATCHED)
      await expect.poll(() => app.logged('swept').length).toBe(1)
      const served = namesIn(await scraped(app))
      const asked = new Set([...text.matchAll(/\bevosync_\w+/g)].map(([name]) => name))

      expect(asked.size).toBeGreaterThan(5)
      expect([...asked].filter((name) => !served.has(familyOf(name, served)))).toEqual([])
      const labels = [...text.matchAll(/(\w+)=~?\\?"/g)].map(([, name]) => name)
      expect([...LABELS, 'job', 'severity']).toEqual(expect.arrayContaining(labels))
    },
  )

  test('every rule says what is wrong and for how long', () => {
    const alerts = rules.split(/^ +- alert: /m).slice(1)

    expect(alerts.length).toBeGreaterThanOrEqual(7)
    for (const alert of alerts) {
      expect(alert).toMatch(/^\w+\n/)
      for (const field of ['expr', 'for', 'severity', 'summary', 'description'])
        expect(alert).toMatch(new RegExp(`^ +${field}: \\S`, 'm'))
    }
  })
})

interface Board {
  title: string
  panels: { type: string; title: string; targets?: { expr: string }[] }[]
}

/** Every name a label may have; their values are words of ours, keys of platforms, names of jobs, versions. */
const LABELS = [
  'class',
  'database',
  'health',
  'kind',
  'le',
  'major',
  'minor',
  'node',
  'outcome',
  'patch',
  'platform',
  'result',
  'route',
  'space',
  'state',
  'task',
  'to',
  'type',
  'verdict',
  'version',
]

async function scraped(app: TestApp): Promise<string> {
  const { status, html } = await app.newBrowser().get('/metrics', AUTHORIZED)
  if (status !== 200) throw new Error(`/metrics: ${status}`)
  return html
}

const namesIn = (text: string) =>
  new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name))

/** A histogram is served as three series. */
function familyOf(name: string, served: ReadonlySet<string>): string {
  const bare = name.replace(/_(bucket|sum|count)$/, '')
  return served.has(name) ? name : bare
}

function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

const pages = (text: string, route: string, status: string) =>
  valueOf(text, `evosync_http_requests_total{route="${route}",class="${status}"}`)

function read(file: string): string {
  return readFileSync(path.join(import.meta.dirname, '../../..', file), 'utf8')
}
