import { isMigrated, partBatches } from '../app/store/migrate.ts'
import { doneMigrations } from '../app/store/undo.ts'
import { inWords } from './in-words.ts'
import { withDatabase } from './open-for-command.ts'
import { YES } from './confirm.ts'
import { confirmUndo } from './undo.ts'

/** Knex's own command, `npm run knex -- migrate:status`; what it would destroy is told and asked first. */
const [command = '', ...rest] = process.argv.slice(2)

await inWords(async () => {
  if (command.startsWith('migrate:') && command !== 'migrate:make') await withDatabase(guard)
  process.argv = process.argv.filter((argument) => argument !== YES)
  // @ts-expect-error it has no types
  await import('../node_modules/knex/bin/cli.js')
})

async function guard(...[db, config]: Parameters<Parameters<typeof withDatabase>[0]>) {
  if (command !== 'migrate:rollback' && command !== 'migrate:down') return
  await isMigrated(db)
  await partBatches(db)
  const done = await doneMigrations(db)
  const named = rest.filter((argument) => done.includes(argument))
  const names = rest.includes('--all') ? done : named.length > 0 ? named : done.slice(0, 1)
  if (names.length > 0) await confirmUndo(db, config, names, rest.includes(YES))
}
