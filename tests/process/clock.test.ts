import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freePort } from '../support/postgres.ts'
import { type Child, ROOT, startServer, tempFolder } from '../support/process.ts'

const HOUR_MS = 3600_000
const PRELOAD = path.join(ROOT, 'tests/support/set-clock.js')
const LOOK_MS = 2_000
/** Of a job of every second, besides those of the time it is looked at. */
const RUNS_OF_A_JUMP = 2

/** Hours by which the clock is away from where it was at the start, one after the other. */
const SETTINGS = [3, 63, 3, 0, -3, -63, 0] as const

test('a clock that is set costs under a second of work, runs each job once at the most, and starves none', async () => {
  const server = await startTimed()
  await server.atRest() // what a start costs is no cost of the clock

  let furthest = 0
  for (const hours of SETTINGS) {
    const before = { runs: await server.runs(), cpu: server.cpuMs() }
    const isNews = hours > furthest
    furthest = Math.max(hours, furthest)
    const setAt = performance.now()
    server.set(hours * HOUR_MS)
    await pause(LOOK_MS)
    const sweepsNow = async () => (await server.runs()).sweep ?? 0
    if (isNews) await expect.poll(sweepsNow).toBeGreaterThan(before.runs.sweep ?? 0)
    const after = await server.runs()
    const most = (performance.now() - setAt) / 1000 + RUNS_OF_A_JUMP

    expect(server.cpuMs() - before.cpu).toBeLessThan(1_000)
    const sweeps = (after.sweep ?? 0) - (before.runs.sweep ?? 0)
    if (isNews) expect(sweeps).toBe(1)
    else expect(sweeps).toBeLessThanOrEqual(1)
    for (const [task, count = 0] of Object.entries(after))
      expect(count - (before.runs[task] ?? 0), task).toBeLessThanOrEqual(most)
    expect(await server.ready()).toBe(200)
  }
})

test('a process that stood still goes on where it was, ready and without haste', async () => {
  const server = await startTimed()
  await server.atRest()
  const before = { runs: await server.runs(), cpu: server.cpuMs() }

  server.child.process.kill('SIGSTOP')
  await pause(LOOK_MS)
  server.set(60 * HOUR_MS)
  server.child.process.kill('SIGCONT')
  await pause(LOOK_MS)

  const once = (before.runs.sweep ?? 0) + 1
  await expect.poll(async () => (await server.runs()).sweep).toBe(once)
  expect(server.cpuMs() - before.cpu).toBeLessThan(1_000)
  expect(await server.ready()).toBe(200)
})

async function startTimed() {
  const folder = tempFolder()
  const file = path.join(folder, 'clock')
  const port = String(await freePort())
  const child: Child = startServer(folder, {
    PORT: port,
    METRICS_TOKEN: 'a-token-of-the-test-and-long-enough',
    CLOCK_FILE: file,
    NODE_OPTIONS: `--import ${PRELOAD}`,
  })
  await child.logged('listening')
  return {
    child,
    set(ms: number) {
      writeFileSync(file, String(ms))
      child.process.kill('SIGUSR2')
    },
    cpuMs: () => cpuMs(child.process.pid ?? 0),
    /** Waits until what the start has begun is done. */
    async atRest() {
      const workedIn = async (ms: number) => {
        const before = cpuMs(child.process.pid ?? 0)
        await pause(ms)
        return cpuMs(child.process.pid ?? 0) - before
      }
      await pause(LOOK_MS)
      await expect.poll(() => workedIn(500)).toBeLessThan(100)
    },
    async ready() {
      return (await fetch(`http://127.0.0.1:${port}/readyz`)).status
    },
    async runs(): Promise<Partial<Record<string, number>>> {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
        headers: { authorization: 'Bearer a-token-of-the-test-and-long-enough' },
      })
      const lines = (await answer.text()).matchAll(
        /^evosync_job_runs_total\{task="([\w-]+)"\} (\d+)$/gm,
      )
      return Object.fromEntries([...lines].map(([, task, count]) => [task ?? '', Number(count)]))
    },
  }
}

/** What a process has worked so far; the kernel counts in hundredths of a second (proc_pid_stat(5)). */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
