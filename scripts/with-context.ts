import { loadConfig } from '../app/config/index.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { type Context, createContext } from '../app/context.ts'
import { ConfigError } from '../app/errors.ts'
import { platforms } from '../app/providers/index.ts'
import { inWords } from '../app/store/await-database.ts'
import { isMigrated } from '../app/store/migrate.ts'
import { openDatabase } from '../app/store/prepare.ts'
import { checkKeys } from '../app/store/vault-canary.ts'

/** For commands that work with what is stored, and change nothing of its tables. EvoSync may run meanwhile. */
export async function withContext(work: (ctx: Context) => Promise<void>): Promise<void> {
  loadEnvFile()
  process.umask(0o077)
  const ctx = createContext(loadConfig({ LOG_LEVEL: 'warn', ...process.env }, platforms))
  const { db, config, vault } = ctx
  try {
    await openDatabase(db, config.database, { waitMs: 0 })
    await inWords(config.database, async () => {
      if (!(await isMigrated(db))) {
        throw new ConfigError([
          'База ещё не этой версии. Запустите EvoSync или выполните npm run migrate, потом повторите.',
        ])
      }
      await checkKeys(db, vault)
      await work(ctx)
    })
  } finally {
    await ctx.close()
  }
}
