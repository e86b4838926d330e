import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Config } from '../../app/config/index.ts'
import { commandOf } from './built.ts'

export const ROOT = path.join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 120_000

/** A process of ours, seen from outside. */
export interface Child {
  process: ChildProcess
  /** Everything it has said on both streams. */
  output(): string
  /** Waits for a line of its log. */
  logged(event: string): Promise<void>
  /** Exit code once it has ended; null after a kill. */
  ended: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A folder of this test's own. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-run-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** What was built of `file`, run in a folder with nothing of our environment but what is given; as another user, if told. */
export function run(
  file: string,
  cwd: string,
  env: Record<string, string> = {},
  args: string[] = [],
  uid?: number,
): Child {
  const command = [...commandOf(file), ...args]
  const who = uid === undefined ? {} : { uid, gid: uid }
  const options = { cwd, env: { PATH: process.env.PATH, ...env }, ...who }
  return watch(spawn(process.execPath, command, options))
}

/** Variables that point a process at a test's database. */
export function databaseVariables({ database }: Pick<Config, 'database'>): Record<string, string> {
  return database.client === 'postgres'
    ? { DATABASE_URL: database.url }
    : { DATABASE_FILE: database.file }
}

/** The server itself. */
export const startServer = (cwd: string, env: Record<string, string> = {}, uid?: number) =>
  run('app/server.ts', cwd, env, [], uid)

export function watch(child: ChildProcess): Child {
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    process: child,
    output: () => said,
    ended,
    async logged(event) {
      const giveUp = Date.now() + READY_WITHIN_MS
      while (!said.includes(`"event":"${event}"`)) {
        if (child.exitCode !== null || Date.now() > giveUp) throw new Error(`no ${event}: ${said}`)
        await new Promise((wake) => setTimeout(wake, 20))
      }
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return await ended
    },
  }
}
