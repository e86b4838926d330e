import { copyBeforeMigrations } from '../app/store/copy-before.ts'
import { migrate } from '../app/store/migrate.ts'
import { doneMigrations } from '../app/store/undo.ts'
import { inWords } from './in-words.ts'
import { withDatabase } from './open-for-command.ts'

/** Brings the database up to date without starting: `npm run migrate`. */
await inWords(() =>
  withDatabase(async (db, config) => {
    const copy = await copyBeforeMigrations(db, config)
    if (copy) console.log(`Копия базы, сделанная до изменений: ${copy}`)
    await migrate(db)
    const [newest = ''] = await doneMigrations(db)
    console.log(`База готова, последнее изменение: ${newest}`)
  }),
)
