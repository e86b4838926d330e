import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { endingOf } from '../../app/catalogue/sku.ts'
import { Browser } from '../../tests/support/browser.ts'
import { commandOf } from '../../tests/support/built.ts'
import { openWorkerShop } from '../../tests/support/catalogue/worker-shop.ts'
import { startPostgres } from '../../tests/support/postgres.ts'
import { freePort } from './children.ts'
import { startNginx } from './nginx.ts'
import { writeSection } from './report.ts'

/**
 * Three instances on one PostgreSQL behind nginx as deploy/ has it. People read and write, a first load of goods is
 * carried, and every ten seconds one instance is killed (-9) and started again, or frozen (SIGSTOP) for eight:
 * `npm run bench:instances -- 120`, with GOODS=260. Needs nginx. Promises: nobody is signed out, no acknowledged write is
 * lost, one run carries the goods, no card is there twice, and only requests a killed one held come to nothing.
 */
const SECONDS = Number(process.argv[2] ?? 120)
const GOODS = Number(process.env.GOODS ?? 260)
const PACE = 3
const EVERY_MS = 10_000
const FROZEN_MS = 8_000
const PEOPLE = 5
const REST_MS = 40

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-instances-'))
const postgres = await startPostgres()
const shop = await openWorkerShop({
  products: GOODS,
  pace: PACE,
  database: { DATABASE_URL: postgres.url },
})
shop.vk.latencyMs = 150
const front = await freePort()
const origin = `http://localhost:${front}`
const ports = [await freePort(), await freePort(), await freePort()]
const instances = new Map<number, ChildProcess>()
process.once('exit', () => {
  for (const child of instances.values()) child.kill('SIGKILL')
})
for (const port of ports) await start(port)
const nginx = await startNginx(path.join(folder, 'nginx'), front, ports)

/** From the signal that killed an instance to its end, by our steady clock. */
const kills: { from: number; to: number }[] = []
const seen = { answered: 0, held: 0, busy: 0, strange: [] as string[], signedOut: 0, lost: 0 }
const people = await Promise.all(Array.from({ length: PEOPLE }, (_, nth) => arrive(nth)))
const ended = new AbortController()
const using = people.map((person) => useIt(person, ended.signal))
const run = await shop.begin()

const begun = performance.now()
for (let nth = 0; performance.now() - begun < SECONDS * 1000; nth += 1) {
  await pause(EVERY_MS - (nth % 2 === 1 ? FROZEN_MS : 0))
  const port = ports[nth % ports.length] ?? 0
  await (nth % 2 === 0 ? kill(port) : freeze(port))
}
ended.abort()
await Promise.all(using)
for (const person of people) await lookBack(person)
const giveUp = performance.now() + 5 * 60_000
while (!(await shop.ctx.syncRuns.find(run))?.finishedAt && performance.now() < giveUp)
  await pause(500)

const carried = await shop.ctx.syncRuns.find(run)
const runs = (await shop.ctx.db('sync_runs').select('id')).length
const endings = [...shop.community.items.values()].map(({ sku }) => endingOf(sku))
const doubled = endings.length - new Set(endings).size
for (const child of instances.values()) await end(child, 'SIGKILL')
await end(nginx, 'SIGTERM')
await shop.close()
postgres.stop()
rmSync(folder, { recursive: true, force: true })

for (const one of new Set(seen.strange)) console.log(one)
const promises: [promise: string, figure: string | number, kept: boolean][] = [
  ['people signed out', seen.signedOut, seen.signedOut === 0],
  ['acknowledged writes lost', seen.lost, seen.lost === 0],
  ['runs for one press of the button', runs, runs === 1],
  ['cards there twice', doubled, doubled === 0],
  [
    `of ${GOODS} cards made`,
    endings.length,
    endings.length === GOODS && carried?.created === GOODS,
  ],
  ['requests lost that no killed instance held', seen.strange.length, seen.strange.length === 0],
]
for (const [promise, figure, kept] of promises)
  console.log(`${promise.padEnd(46)}${String(figure).padEnd(8)}${kept ? 'kept' : 'BROKEN'}`)
const told = `${SECONDS} s, ${kills.length} kills, ${seen.answered} answers, ${seen.held} requests lost that a killed instance held, ${seen.busy} times 503`
console.log(told)
writeSection(
  'instances',
  [
    `${told}:\n`,
    '| promise | seen | |\n| --- | --- | --- |',
    ...promises.map(
      ([what, figure, kept]) => `| ${what} | ${figure} | ${kept ? 'kept' : 'broken'} |`,
    ),
  ].join('\n'),
  'docs/reliability.md',
)
process.exit(promises.every(([, , kept]) => kept) ? 0 : 1)

async function start(port: number): Promise<void> {
  const settings = { PORT: String(port), BASE_URL: origin, TRUST_PROXY: '1', REGISTRATION: 'open' }
  const env = { PATH: process.env.PATH, ...shop.env, ...settings, LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, commandOf('app/server.ts'), {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  instances.set(port, child)
  while (!(await isReady(port))) await pause(100)
}

async function isReady(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function kill(port: number) {
  const child = instances.get(port)
  if (!child) return
  const dying = { from: performance.now(), to: Infinity }
  kills.push(dying)
  await end(child, 'SIGKILL')
  dying.to = performance.now()
  await start(port)
}

async function freeze(port: number) {
  const child = instances.get(port)
  child?.kill('SIGSTOP')
  await pause(FROZEN_MS)
  child?.kill('SIGCONT')
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  const gone = once(child, 'close')
  child.kill(signal)
  await gone
}

interface Person {
  browser: Browser
  acknowledged: number
  sent: number
}

async function arrive(nth: number): Promise<Person> {
  const browser = new Browser(origin)
  await browser.register({ email: `person${nth}@example.ru` })
  return { browser, acknowledged: 0, sent: 0 }
}

async function useIt(person: Person, over: AbortSignal) {
  const { browser } = person
  const form = await browser.get('/account')
  while (!over.aborted) {
    await asked(200, () => browser.get('/connections'))
    person.sent += 1
    const saved = await asked(303, () =>
      browser.submit(form, '/account', { name: String(person.sent) }),
    )
    if (saved) person.acknowledged = person.sent
    await pause(REST_MS)
  }
}

/** True when what was `wanted` came. */
async function asked(
  wanted: number,
  ask: () => Promise<{ status: number; location: string }>,
): Promise<boolean> {
  const from = performance.now()
  const answer = await ask().catch((error: unknown) => ({ status: 0, location: String(error) }))
  const good = answer.status === wanted && !answer.location.includes('/login')
  const to = performance.now()
  const held = kills.some((dying) => dying.to >= from && dying.from <= to)
  if (good) seen.answered += 1
  else if (answer.status === 503) seen.busy += 1
  else if (held) seen.held += 1
  else {
    const since = Math.round(from - (kills.at(-1)?.to ?? 0))
    const took = Math.round(to - from)
    seen.strange.push(
      `${answer.status} ${answer.location} after ${took} ms, ${since} ms after a kill`,
    )
  }
  return good
}

async function lookBack({ browser, acknowledged, sent }: Person) {
  const account = await browser.get('/account')
  if (account.status !== 200) {
    seen.signedOut += 1
    return
  }
  const name = Number(account.dom.querySelector('input[name=name]')?.getAttribute('value'))
  if (!(name >= acknowledged && name <= sent)) seen.lost += 1
}
