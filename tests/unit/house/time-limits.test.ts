import { expect, test } from 'vitest'
import config from '../../../vitest.config.ts'
import { readSources, type Sources } from './sources.ts'

/** A limit of a test ends what hangs. A shorter one is a bet on how quick the machine is. */
const SHORTEST_MS = 120_000
/** Of a test, as its last argument, and of what is waited for. */
const LIMITS = [
  /^ {0,2}\}, ([\d_]+)\)$/gm,
  /^ {2,4}\},\n {2,4}([\d_]+),\n {0,2}\)$/gm,
  /^\s*(?:await )?(?:expect|vi)?\.(?:poll|waitFor|waitUntil)\(.*\btimeout: ?([\d_]+)/gm,
]

test('tests end what hangs, and bet on no machine', () => {
  expect(shortLimits(readSources('tests'))).toEqual([])
})

test('those of the whole suite do the same', () => {
  const { test } = config({ mode: 'test', command: 'serve' })
  const poll = test?.expect?.poll?.timeout

  for (const limit of [test?.testTimeout, test?.hookTimeout, poll])
    expect(limit).toBeGreaterThanOrEqual(SHORTEST_MS)
})

test.each([
  ['}, 60_000)', 1],
  ['  }, 40_000)', 1],
  ['  },\n  60_000,\n)', 1],
  ['await expect.poll(written, { timeout: 20_000 }).toBe(1)', 1],
  ["    .poll(() => ask('/readyz'), { timeout: 40_000, interval: 500 })", 1],
  ['}, 240_000)', 0],
  ['await expect.poll(written).toBe(1)', 0],
  ['    setTimeout(() => socket.destroy(), 2_000)', 0],
  ['  }, 200)', 0],
])('%j has %i', (text, count) => {
  expect(shortLimits(new Map([['one.test.ts', text]]))).toHaveLength(count)
})

function shortLimits(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    if (!file.endsWith('.test.ts')) return []
    const limits = LIMITS.flatMap((one) => [...text.matchAll(one)].map(([, ms = '']) => ms))
    return limits.filter(isShort).map((ms) => `${file}: ${ms}`)
  })
}

/** Below a second it is no limit of a test, but how long one of its timers takes. */
function isShort(written: string): boolean {
  const ms = Number(written.replaceAll('_', ''))
  return ms >= 1000 && ms < SHORTEST_MS
}
