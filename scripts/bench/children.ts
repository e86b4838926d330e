import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'

/** A part of a benchmark in a process of its own, so that it does not share our event loop. */
export async function startChild(
  name: string,
  args: string[] = [],
): Promise<{ child: ChildProcess; said: unknown }> {
  const file = path.join(import.meta.dirname, `${name}.ts`)
  const child = fork(file, args, { execArgv: ['--import', 'tsx/esm'] })
  process.once('exit', () => child.kill()) // a benchmark that breaks off leaves nobody behind
  const [said] = (await once(child, 'message')) as [unknown]
  return { child, said }
}

/** Asks a child for what it has to say and lets it go. */
export async function finish(child: ChildProcess): Promise<unknown> {
  child.send('finish')
  const [said] = (await once(child, 'message')) as [unknown]
  child.kill()
  return said
}

export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
  })
}
