import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'
import { startEvotor } from '../../tests/simulators/evotor.ts'
import { startVk } from '../../tests/simulators/vk.ts'
import {
  evoSyncEnvironment,
  startBare,
  startCommand,
  startEvoSync,
  startPeer,
} from './ratios/contenders.ts'
import { type Figure, kept, median, ratioOf, tableOf } from './ratios/figures.ts'
import { connectRound, cookieOf, danceRound, pageRound } from './ratios/rounds.ts'
import { startServer } from './ratios/server-process.ts'
import { writeSection } from './report.ts'

/**
 * EvoSync as `npm start` starts it beside what does as much with less: `npm run bench`. Five rounds, everybody's turn in
 * each, medians; ratios of one run go to docs/benchmarks.md.
 */
const ROUNDS = 5
const PAGES = 2_000
const CONNECTS = 720
const DANCES = 360
/** Nobody begins more than the thirty connections a minute that are allowed. */
const PEOPLE = 120
const KINDS = ['passport-oauth2', 'passport-vkontakte', 'grant']

interface Start {
  ms: number
  /** Microseconds. */
  cpu: number
}

installPeers()
const folder = mkdtempSync(path.join(tmpdir(), 'evosync-ratios-'))
const [vk, evotor] = await Promise.all([startVk(), startEvotor()])
vk.perSecond = 1_000
const platform = {
  variables: { ...vk.variables(), ...evotor.variables() },
  redirectUris: vk.redirectUris,
}
const ours = await startEvoSync(folder, platform, PEOPLE)
evotor.redirectUris.push(...vk.redirectUris)
const [owner] = ours.people
if (!owner) throw new Error('nobody is there')
for (const key of ['vk', 'evotor']) await owner.connect(key)
const { html } = await owner.get('/connections')
const bare = await startBare(Buffer.byteLength(html))
const peers = []
for (const kind of KINDS) {
  for (const synchronous of ['FULL', 'NORMAL'] as const)
    peers.push(await startPeer(kind, synchronous, folder, platform, PEOPLE))
}

const costs = new Map<string, number[]>()
for (let round = 0; round <= ROUNDS; round += 1) {
  const note = (what: string, cost: number) => {
    if (round > 0) costs.set(what, [...(costs.get(what) ?? []), cost]) // the first warms up
  }
  note('page bare', await pageRound(bare, '/', {}, PAGES))
  note('page EvoSync', await pageRound(ours.server, '/connections', cookieOf(owner), PAGES))
  for (const one of [ours, ...peers]) {
    note(`connect ${one.name}`, await connectRound(one, CONNECTS))
    note(`dance ${one.name}`, await danceRound(one, DANCES))
  }
}
const rss = ours.server.rss()
for (const { server } of [ours, ...peers, { server: bare }]) await server.stop()

const starts: Start[] = []
const bootFolder = mkdtempSync(path.join(tmpdir(), 'evosync-boot-'))
for (let round = 0; round <= ROUNDS; round += 1) starts.push(await timeStart())
await Promise.all([vk.stop(), evotor.stop()])
for (const one of [folder, bootFolder]) rmSync(one, { recursive: true, force: true })

const cost = (what: string) => median(costs.get(what) ?? [])
const best = (what: string, synchronous: string) =>
  Math.min(...KINDS.map((kind) => cost(`${what} ${kind} ${synchronous}`)))
const figures: Figure[] = [
  ratioOf('`/connections` ÷ a bare page of its size', cost('page EvoSync'), cost('page bare'), 2.5),
  ratioOf('connect ÷ best peer at FULL', cost('connect EvoSync'), best('connect', 'FULL'), 1.2),
  ratioOf('dance ÷ best peer at FULL', cost('dance EvoSync'), best('dance', 'FULL'), 1.5),
  ratioOf('connect ÷ best peer at NORMAL', cost('connect EvoSync'), best('connect', 'NORMAL')),
  ratioOf('dance ÷ best peer at NORMAL', cost('dance EvoSync'), best('dance', 'NORMAL')),
  {
    name: 'start to first answer, migrated',
    value: median(starts.slice(1).map(({ ms }) => ms)) / 1_000,
    unit: 's',
    most: 0.65,
  },
  { name: 'resident memory after the load', value: rss, unit: 'MB', most: 170 },
]
costs.set(
  'a start',
  starts.slice(1).map(({ cpu }) => cpu),
)
const report = tableOf(figures, costs)
console.log(report)
writeSection('ratios', report)
process.exit(figures.every(kept) ? 0 : 1)

/** On a database that is there already; the first start makes it. */
async function timeStart(): Promise<Start> {
  const env = await evoSyncEnvironment(bootFolder, {})
  const options = { cwd: ROOT, env, port: Number(env.PORT), firstPath: '/login' }
  const server = await startServer(startCommand(), options)
  const cpu = server.cpu()
  await server.stop()
  return { ms: server.startMs, cpu }
}

/** The peers are packages of a folder of their own: nobody who installs EvoSync gets them. */
function installPeers() {
  const cwd = path.join(import.meta.dirname, 'peers')
  if (existsSync(path.join(cwd, 'node_modules'))) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, stdio: 'inherit' })
}
