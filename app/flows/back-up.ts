import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../context.ts'
import { ConfigError } from '../errors.ts'
import { BACKUPS } from '../store/backup-advice.ts'
import { isRegularCopy } from '../store/backup-names.ts'
import { makeBackup } from '../store/backups.ts'

/**
 * Makes the copy of a tick, unless another instance does, and tidies older ones away. Failures are kept for whoever
 * looks, and thrown.
 */
export async function backUp(ctx: Context, tick: Date): Promise<void> {
  const { config, backups, log } = ctx
  const id = await backups.claim(tick)
  if (id === undefined) return
  try {
    const file = await makeBackup(config.database, config.commandEnvironment)
    const { size } = await stat(file)
    await backups.succeed(id, file, size)
    log.info('backup_made', { file, bytes: size })
    await tidyAway(ctx)
  } catch (error) {
    await backups.fail(id, error instanceof ConfigError ? error.message : UNEXPECTED)
    log.error('backup_failed', { error })
    throw error
  }
}

const UNEXPECTED = 'Неожиданная ошибка, подробности в журнале сервера: backup_failed.'

/** Copies are called by their time, so that names sort them; other files are left alone. */
async function tidyAway({ config, log }: Context) {
  const copies = (await readdir(BACKUPS)).filter(isRegularCopy).sort()
  for (const name of copies.slice(0, -config.backupKeep)) {
    await rm(path.join(BACKUPS, name), { force: true })
    log.info('backup_removed', { file: name })
  }
}
