import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { type Halfway, type HalfSent, sendHalf } from '../../tests/support/catalogue/half-sent.ts'
import {
  openUploadScene,
  type Sender,
  sendPhotos,
} from '../../tests/support/catalogue/upload-scene.ts'
import { finish, startChild } from './children.ts'

/**
 * Twenty forms of 63 MB are half sent and held open, four people send 300 photos each, a fifth looks at the dashboard ten
 * times a second; then four others send as many and go. `npm run bench:uploads`, on Linux.
 * Promises: less than 150 MB of memory beyond idling, pages within 500 ms, the work ends when the client goes. On a machine
 * that is busy with something else pages wait for a processor: that is told beside them.
 */
const HALVES = 20
const PHOTOS = 300
const LOOK_EVERY_MS = 100
const MOST_GROWN_MB = 150
const LONGEST_PAGE_MS = 500
const WORK_ENDS_WITHIN_MS = 2_000
/** CPU of a second, in milliseconds, beyond what the looking costs, that nobody would call work. */
const IDLING = 100

const WAYS: readonly Halfway[] = [
  { stop: 'before the token' },
  { stop: 'after many files' },
  { stop: 'in a file', header: true },
  { stop: 'after many files', header: true, wrong: true },
  { stop: 'after many files', chunked: true },
  { stop: 'in the token' },
  { stop: 'in a file', trickling: true },
  { stop: 'after many files', wrong: true },
]

const pictures = await paint()
const scene = await openUploadScene(10)
const [looker, ...people] = scene.senders
if (!looker) throw new Error('nobody to look')
const [posters, leavers, holders] = [people.slice(0, 4), people.slice(4, 8), people.slice(4)]
await pause(1_000)
const idle = scene.memory().rss
const answers = new Map<string, number>()
const args = [`${scene.origin}/connections`, String(LOOK_EVERY_MS), looker.cookie]
const { child } = await startChild('ping', args)
await pause(1_000)
const usual = await idling()
const waitedBefore = scene.waited()
const halves = await Promise.all(Array.from({ length: HALVES }, (_, n) => hold(n)))
await Promise.all(posters.map((poster) => post(poster)))
for (const half of halves) {
  count('half sent', half.status() ?? 'held')
  half.end()
}

const gone = new AbortController()
const leaving = leavers.map((leaver) =>
  sendPhotos(leaver, pictures, gone.signal).then(
    ({ status }) => {
      count('leaving', status)
    },
    () => {
      count('leaving', 'left')
    },
  ),
)
await pause(4_000)
const busy = await idling()
gone.abort()
await Promise.all(leaving)
const before = scene.cpu()
await pause(WORK_ENDS_WITHIN_MS)
const after = scene.cpu() - before
const rest = await idling()
const pages = (await finish(child)) as { count: number; p50: number; p99: number; max: number }
const waited = scene.waited() - waitedBefore
const grown = Math.round(scene.memory().peak - idle)
await scene.close()

const kept = grown < MOST_GROWN_MB && pages.max < LONGEST_PAGE_MS && rest < usual + IDLING
for (const [what, times] of [...answers].sort()) console.log(`${what}: ${times}`)
console.log(
  `memory ${Math.round(idle)} MB idling, ${grown} MB more at the most; ${pages.count} pages, median ${ms(pages.p50)}, p99 ${ms(pages.p99)}, longest ${ms(pages.max)}, ${waited} ms without a processor`,
)
console.log(
  `CPU of a second: ${usual} ms looking, ${busy} ms at work; ${after} ms in the ${WORK_ENDS_WITHIN_MS} ms after everybody had gone, ${rest} ms then: ${kept ? 'kept' : 'BROKEN'}`,
)
process.exit(kept ? 0 : 1)

/** CPU of the next second, in which the dashboard is looked at. */
async function idling(): Promise<number> {
  const begun = scene.cpu()
  await pause(1_000)
  return scene.cpu() - begun
}

async function hold(n: number): Promise<HalfSent> {
  const holder = holders[n % holders.length]
  const way = WAYS[n % WAYS.length]
  if (!holder || !way) throw new Error('nobody to hold it')
  return await sendHalf(holder, way)
}

/** Comes again when told to, as a person would. */
async function post(poster: Sender): Promise<void> {
  for (;;) {
    const { status, retryAfter } = await sendPhotos(poster, pictures)
    count('photos', status)
    if (status !== 503) return
    await pause(retryAfter * 1000)
  }
}

function count(what: string, outcome: string | number) {
  const name = `${what}, ${outcome}`
  answers.set(name, (answers.get(name) ?? 0) + 1)
}

function ms(time: number): string {
  return `${Math.round(time)} ms`
}

/** Every fifth a PNG, every twentieth as large as a telephone's; no two alike. */
async function paint(): Promise<Buffer[]> {
  const painted: Buffer[] = []
  for (let n = 0; n < PHOTOS; n += 1) {
    const [width, height] = n % 20 === 0 ? [4000 + n, 3000] : [1280 + n, 960]
    const background = { r: n % 256, g: 90, b: 160 }
    const plain = sharp({ create: { width, height, channels: 3, background } })
    painted.push(await (n % 5 === 1 ? plain.png() : plain.jpeg({ quality: 90 })).toBuffer())
  }
  return painted
}
