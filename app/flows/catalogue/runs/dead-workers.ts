import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Context } from '../../../context.ts'
import type { Worker } from '../../../store/sync-runs.ts'

/**
 * This instance, and the process it is: host, boot, pid namespace, pid, start, and a random name. Cloned machines share the
 * first, containers of one machine the first two, and each container may have a pid 1.
 */
export const workerOf = ({ instance }: Context): Worker => ({
  instance,
  workplace: `${place()}${process.pid}:${START}:${instance.slice(0, 8)}`,
})

/** Processes that hold runs and are provably dead: nobody has to wait for their leases. */
export async function deadWorkers(ctx: Context): Promise<string[]> {
  const here = place()
  if (here === NOWHERE) return []
  const holders = await ctx.syncRuns.processes(here)
  return holders.filter((holder) => {
    const [pid = '', start = ''] = holder.slice(here.length).split(':')
    return isDead(Number(pid), start)
  })
}

/** Where there is no way of telling processes of the past and of other places apart, nobody is declared dead. */
const NOWHERE = ''

/** Where pids mean the same: this host since it was booted, this pid namespace (namespaces(7)). */
function place(): string {
  const boot = read('/proc/sys/kernel/random/boot_id')?.trim()
  const namespace = pointsTo('/proc/self/ns/pid')?.replace(/\D/g, '')
  return boot && namespace ? `${hostname()}:${boot}:${namespace}:` : NOWHERE
}

/** Gone, a zombie, or another one that has got its number. */
function isDead(pid: number, start: string): boolean {
  if (pid === process.pid) return start !== START
  if (!isThere(pid)) return true
  const found = isProcOurs() ? statOf(String(pid)) : undefined
  return found !== undefined && (/^[ZX]/.test(found.state) || found.start !== start)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** A namespace of its own may still see the /proc of another, with other numbers. */
const isProcOurs = () => pointsTo('/proc/self') === String(process.pid)

/** State and start, in ticks since the boot: fields 3 and 22 (proc_pid_stat(5)); the second may hold anything. */
function statOf(pid: string): { state: string; start: string } | undefined {
  const text = read(`/proc/${pid}/stat`)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, start] = [fields?.[0], fields?.[19]]
  return state && start ? { state, start } : undefined
}

const START = statOf('self')?.start ?? performance.timeOrigin.toFixed()

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function pointsTo(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}
