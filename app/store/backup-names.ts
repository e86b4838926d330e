import path from 'node:path'
import { BACKUPS } from './backup-advice.ts'

/** `2026-11-29-02-15-00`, UTC. */
export const stampOf = (now: Date): string => now.toISOString().slice(0, 19).replace(/[T:]/g, '-')

/** Where a copy goes that nobody named a place for; {@link isRegularCopy} knows it by its name. */
export const regularName = (now: Date, kind: 'sqlite' | 'dump'): string =>
  path.join(BACKUPS, `evosync-${stampOf(now)}.${kind}`)

/** Whether a file was named by {@link regularName}: such as are tidied away. */
export const isRegularCopy = (name: string): boolean =>
  /^evosync-\d{4}(-\d{2}){5}\.(sqlite|dump)$/.test(name)
