import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { onTestFinished } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { driverPackage } from '../../../app/store/sqlite-driver.ts'

/** Another process that holds the SQLite file's lock for a while, as a backup or a person with a shell does. */
export async function holdLock(
  { config: { database } }: Context,
  ms: number,
): Promise<{ released: Promise<unknown> }> {
  if (database.client !== 'sqlite') throw new Error('SQLite only')
  const module = createRequire(import.meta.url).resolve(driverPackage(process.versions.node))
  const holder = spawn(process.execPath, ['-e', SCRIPT, module, database.file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void holder.kill('SIGKILL'))
  const released = once(holder, 'exit')
  await Promise.race([once(holder.stdout, 'data'), released])
  return { released }
}

const SCRIPT = `
  const [module, file, ms] = process.argv.slice(1)
  const db = new (require(module))(file)
  db.exec('begin exclusive')
  process.stdout.write('held')
  setTimeout(() => db.exec('commit'), Number(ms))
`
