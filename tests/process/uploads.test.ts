import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Browser } from '../support/browser.ts'
import { sendHalf } from '../support/catalogue/half-sent.ts'
import { painted } from '../support/pictures.ts'
import { openUploadScene, sendPhotos } from '../support/catalogue/upload-scene.ts'

const MOST_GROWN_MB = 150
/** Unpacked where pages are made, the pictures would keep every look waiting for longer than that. */
const LONGEST_PAGE_MS = 20_000

test('half-sent forms and a burst of photos: pages come, memory is bounded, nobody works for those who have gone', async () => {
  const scene = await openUploadScene(4)
  onTestFinished(() => scene.close())
  const [looker, poster, ...holders] = scene.senders
  if (!looker || !poster) throw new Error('nobody there')
  const pictures = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      painted(3000 + n, 2000)
        .jpeg()
        .toBuffer(),
    ),
  )
  const idle = scene.memory().rss
  const looking = look(scene.origin, looker.cookie)

  const halves = await Promise.all(
    holders.flatMap((holder) => [
      sendHalf(holder, { stop: 'after many files' }),
      sendHalf(holder, { stop: 'before the token' }),
      sendHalf(holder, { stop: 'after many files', header: true, wrong: true }),
    ]),
  )
  const refused = () => halves.filter((half) => half.status() === 403).length
  await expect.poll(refused).toBe(2)
  for (const half of halves) half.end()
  const gone = new AbortController()
  const left = sendPhotos(poster, pictures, gone.signal).catch(() => 'left')
  await expect.poll(() => scene.unpacking()).toBeGreaterThan(500)
  gone.abort()

  expect(await left).toBe('left')
  await expect.poll(() => unpackingIn(scene, 500)).toBeLessThan(50)
  expect(Math.max(...(await looking()))).toBeLessThan(LONGEST_PAGE_MS)
  expect(scene.memory().peak - idle).toBeLessThan(MOST_GROWN_MB)
})

/** How much is done for pictures in the next while, in milliseconds of CPU. */
async function unpackingIn({ unpacking }: { unpacking: () => number }, ms: number) {
  const before = unpacking()
  await pause(ms)
  return unpacking() - before
}

/** Somebody looks at the dashboard all the while; tells in the end how long each look took. */
function look(origin: string, cookie: string): () => Promise<number[]> {
  const browser = new Browser(origin)
  const times: number[] = []
  const stopped = new AbortController()
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      const begun = performance.now()
      const { status } = await browser.get('/connections', { cookie })
      if (status !== 200) throw new Error(`the dashboard answers ${status}`)
      times.push(performance.now() - begun)
      await pause(100)
    }
  })()
  return async () => {
    stopped.abort()
    await looking
    return times
  }
}
