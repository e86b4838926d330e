import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'undici'

/** A server under measurement, seen from outside as the kernel sees it (Linux's /proc). */
export interface ServerProcess {
  origin: string
  /** CPU microseconds it has used, its own and the kernel's for it; the kernel counts in hundredths of a second. */
  cpu(): number
  /** Resident memory in MB. */
  rss(): number
  /** Milliseconds from its start to its first answer. */
  startMs: number
  stop(): Promise<void>
}

const TICK_US = 10_000
const READY_WITHIN_MS = 60_000

/** Nothing is left behind when a benchmark breaks off. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts `command` in a folder with no environment but `env`, and waits until `firstPath` answers 200. */
export async function startServer(
  command: readonly string[],
  { cwd, env, port, firstPath }: ServerOptions,
): Promise<ServerProcess> {
  const [file = '', ...args] = command
  const begun = performance.now()
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  running.add(child)
  const origin = `http://127.0.0.1:${port}`
  while (!(await answers(origin + firstPath))) {
    if (child.exitCode !== null || performance.now() - begun > READY_WITHIN_MS)
      throw new Error(`${command.join(' ')} does not start`)
    await new Promise((wake) => setTimeout(wake, 2))
  }
  const startMs = Math.round(performance.now() - begun)
  return {
    origin,
    startMs,
    cpu: () => cpuOf(child),
    rss: () => rssOf(child),
    stop: () => stop(child),
  }
}

interface ServerOptions {
  cwd: string
  env: Record<string, string>
  port: number
  firstPath: string
}

async function answers(address: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(address)
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

/** proc(5): utime and stime are the 14th and 15th field; the 2nd may hold spaces and ends with the last bracket. */
function cpuOf({ pid }: ChildProcess): number {
  const [, fields = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
  const [user, system] = fields.split(' ').slice(11, 13).map(Number)
  return ((user ?? NaN) + (system ?? NaN)) * TICK_US
}

function rssOf({ pid }: ChildProcess): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

async function stop(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'close')
}
