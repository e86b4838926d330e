import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Paces } from '../../../app/http/paces.ts'

/** Time that passes only where somebody sleeps. */
function createClock() {
  let now = 1_000_000
  const sleepers: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: now + ms, wake })
      }),
    /** Until nobody sleeps any more. */
    async runOut() {
      for (;;) {
        await new Promise<void>((done) => setImmediate(done))
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
        if (!next) return
        sleepers.splice(sleepers.indexOf(next), 1)
        now = Math.max(now, next.at)
        next.wake()
      }
    },
  }
}

const LANE = { lane: 'lane', kind: 'one' }
const always = () => Promise.resolve()

interface Call {
  after: number
  takes: number
  fails: boolean
}

const calls = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 3000 }),
    takes: fc.integer({ min: 0, max: 2500 }),
    fails: fc.boolean(),
  }),
  { maxLength: 40 },
)

/** The calls of one lane as they come: which left when, and what became of each. */
async function paced(perSecond: number, all: readonly Call[]) {
  const clock = createClock()
  const paces = new Paces(perSecond, clock.now, clock.sleep)
  const left: { nth: number; at: number }[] = []
  const ended = all.map(async ({ after, takes, fails }, nth) => {
    await clock.sleep(after)
    came.push(nth)
    const call = async (_: unknown, leaves: () => void) => {
      leaves()
      left.push({ nth, at: clock.now() })
      await clock.sleep(takes)
      if (fails) throw new Error('refused')
      return nth
    }
    return paces.run(LANE, call, always)
  })
  const came: number[] = []
  const settled = Promise.allSettled(ended)
  await clock.runOut()
  return { came, left, settled: await settled }
}

test('however calls come, no second sees more than are allowed, and they leave in the order they came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), calls, async (perSecond, all) => {
      const { came, left, settled } = await paced(perSecond, all)

      expect(left.map(({ nth }) => nth)).toEqual(came)
      left.forEach(({ at }, nth) => {
        const one = left[nth + perSecond]
        if (one) expect(one.at - at).toBeGreaterThan(1000)
      })
      expect(settled.map(({ status }) => status)).toEqual(
        all.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
      )
    }),
    { numRuns: 200, seed: 20261120 },
  )
})

test('many at once keep the seconds full: 300 calls at 3 a second take 102 seconds', async () => {
  const { left } = await paced(3, Array(300).fill({ after: 0, takes: 500, fails: false }))

  const seconds = ((left.at(-1)?.at ?? 0) - (left[0]?.at ?? 0)) / 1000
  expect(seconds).toBeGreaterThan(100)
  expect(seconds).toBeLessThan(102)
})

test('a call that is connected first counts from its first byte', async () => {
  const clock = createClock()
  const paces = new Paces(1, clock.now, clock.sleep)
  const left: number[] = []
  const call = (connecting: number) =>
    paces.run(
      LANE,
      async (_, leaves) => {
        await clock.sleep(connecting)
        leaves()
        left.push(clock.now())
        await clock.sleep(50)
      },
      always,
    )
  const all = Promise.all([call(400), call(0)])
  await clock.runOut()
  await all

  expect((left[1] ?? 0) - (left[0] ?? 0)).toBeGreaterThan(1000)
})

test('a call that takes seconds to be connected keeps its place in every one of them', async () => {
  const connecting = [1_500, 0, 0, 1_300, 0, 2_600, 0, 0, 0, 0, 0, 0]
  const clock = createClock()
  const paces = new Paces(3, clock.now, clock.sleep)
  const left: number[] = []
  const all = connecting.map((ms) =>
    paces.run(
      LANE,
      async (_, leaves) => {
        await clock.sleep(ms)
        leaves()
        left.push(clock.now())
        await clock.sleep(50)
      },
      always,
    ),
  )
  await clock.runOut()
  await Promise.all(all)

  left.forEach((at, nth) => {
    const one = left[nth + 3]
    if (one !== undefined) expect(one - at).toBeGreaterThan(1000)
  })
  expect((left.at(-1) ?? 0) - (left[0] ?? 0)).toBeLessThan(6_000)
})

test('a call that never left takes nobody’s place, and tells nothing of how quick its kind is', async () => {
  const clock = createClock()
  const paces = new Paces(3, clock.now, clock.sleep)
  const begun = clock.now()
  const left: number[] = []
  const calls = [false, false, false, true, true, true, true].map((leaving) =>
    paces.run(
      LANE,
      async (_, leaves) => {
        if (!leaving) throw new Error('refused')
        leaves()
        left.push(clock.now() - begun)
        await clock.sleep(50)
      },
      always,
    ),
  )
  const settled = Promise.allSettled(calls)
  await clock.runOut()
  await settled

  expect((left[3] ?? 0) - (left[0] ?? 0)).toBe(1015)
})

test('calls that are late on their way do not come together at the platform', async () => {
  const ways = [20, 90, 25, 20, 95, 20, 60, 20, 20, 80]
  const clock = createClock()
  const paces = new Paces(3, clock.now, clock.sleep)
  const arrived: number[] = []
  const calls = Array.from({ length: 120 }, (_, nth) =>
    paces.run(
      LANE,
      async (_, leaves) => {
        leaves()
        await clock.sleep(ways[nth % ways.length] ?? 0)
        arrived.push(clock.now())
        await clock.sleep(130)
      },
      always,
    ),
  )
  await clock.runOut()
  await Promise.all(calls)

  arrived.forEach((at, nth) => {
    const one = arrived[nth + 3]
    if (one !== undefined) expect(one - at).toBeGreaterThan(1000)
  })
  const seconds = ((arrived.at(-1) ?? 0) - (arrived[0] ?? 0)) / 1000
  expect(seconds).toBeLessThan((119 / 3) * 1.05)
})

test('a quick call of another kind tells nothing of how late one is', async () => {
  const clock = createClock()
  const paces = new Paces(3, clock.now, clock.sleep)
  const left: number[] = []
  const call = (kind: string, takes: number) =>
    paces.run(
      { lane: 'lane', kind },
      () => {
        left.push(clock.now())
        return clock.sleep(takes)
      },
      always,
    )
  const all = [call('read', 20), ...Array.from({ length: 30 }, () => call('edit', 300))]
  await clock.runOut()
  await Promise.all(all)

  const seconds = ((left.at(-1) ?? 0) - (left[3] ?? 0)) / 1000
  expect(seconds).toBeLessThan((27 / 3) * 1.03)
})

test('no more than three are under way, and one that fails makes room as any other', async () => {
  const { left } = await paced(3, Array(9).fill({ after: 0, takes: 6000, fails: true }))

  const moments = left.map(({ at }) => Math.round((at - (left[0]?.at ?? 0)) / 1000))
  expect(moments).toEqual([0, 0, 0, 6, 6, 6, 12, 12, 12])
})

test('another credential does not wait', async () => {
  const clock = createClock()
  const paces = new Paces(1, clock.now, clock.sleep)
  const begun = clock.now()
  const left: Record<string, number> = {}
  const call = (lane: string) =>
    paces.run(
      { lane, kind: 'one' },
      (_, leaves) => {
        leaves()
        left[lane] = clock.now() - begun
        return Promise.resolve()
      },
      always,
    )

  const all = Promise.all([call('a'), call('a'), call('a'), call('b')])
  await clock.runOut()
  await all

  expect(left.a).toBeGreaterThan(2000)
  expect(left.b).toBe(0)
})

test('a lane nobody has used for a minute is forgotten, one with a call under way is not', async () => {
  const clock = createClock()
  const paces = new Paces(1, clock.now, clock.sleep)
  const call = (lane: string, takes: number) =>
    paces.run({ lane, kind: 'one' }, () => clock.sleep(takes), always)

  const long = call('long', 100_000)
  const short = call('short', 1)
  const sizes = [70_000, 200_000].map(async (ms) => {
    await clock.sleep(ms)
    await call(`after ${ms}`, 1)
    return paces.size
  })
  await clock.runOut()
  await Promise.all([long, short])

  expect(await Promise.all(sizes)).toEqual([2, 1])
})

test('by a real clock, too', async () => {
  const wait = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))
  const paces = new Paces(20, () => performance.now(), wait)
  const left: number[] = []
  await Promise.all(
    Array.from({ length: 30 }, () =>
      paces.run(
        LANE,
        (_, leaves) => {
          leaves()
          left.push(performance.now())
          return wait(1)
        },
        always,
      ),
    ),
  )

  left.forEach((at, nth) => {
    const one = left[nth + 20]
    if (one !== undefined) expect(one - at).toBeGreaterThan(1000)
  })
})
