import { isMigrated, partBatches } from '../app/store/migrate.ts'
import { doneMigrations, undoLast } from '../app/store/undo.ts'
import { inWords } from './in-words.ts'
import { withDatabase } from './open-for-command.ts'
import { YES } from './confirm.ts'
import { confirmUndo } from './undo.ts'

/** Takes back the newest migration, and one only: `npm run rollback`. */
await inWords(() =>
  withDatabase(async (db, config) => {
    await isMigrated(db) // makes Knex's own tables where there are none
    await partBatches(db)
    const [newest] = await doneMigrations(db)
    if (newest === undefined) {
      console.log('В базе нет ни одного изменения, отменять нечего.')
      return
    }
    await confirmUndo(db, config, [newest], process.argv.includes(YES))
    await undoLast(db)
    const [left = 'нет'] = await doneMigrations(db)
    console.log(`Отменено: ${newest}. Последнее изменение теперь: ${left}`)
  }),
)
