import { loadConfig } from '../app/config/index.ts'
import { type Context, createContext } from '../app/context.ts'
import { canonicalEmail } from '../app/texts/emails.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { makeResetLink } from '../app/flows/accounts/reset-password.ts'
import { platforms } from '../app/providers/index.ts'
import { prepareDatabase } from '../app/store/prepare.ts'
import { inWords } from './in-words.ts'

/**
 * Makes an administrator, or an existing user one, and prints a one-time link to a password of their own:
 * `npm run create-admin -- marina@example.ru "Марина Ковалёва"`. No password ever stands on a command line.
 */
const [address, name = 'Администратор'] = process.argv.slice(2)
if (!address?.includes('@')) {
  console.error('Как вызвать: npm run create-admin -- marina@example.ru "Марина Ковалёва"')
  process.exit(1)
}

await inWords(async () => {
  loadEnvFile()
  const ctx = createContext(loadConfig({ LOG_LEVEL: 'warn', ...process.env }, platforms))
  try {
    await prepareDatabase(ctx.db, ctx.config.database, ctx.vault, { waitMs: 0 })
    await makeAdmin(ctx, canonicalEmail(address))
  } finally {
    await ctx.close()
  }
})

async function makeAdmin(ctx: Context, email: string) {
  const newcomer = { email, name, passwordHash: null }
  const known = (await ctx.users.findByEmail(email))?.user
  const user =
    known ?? (await ctx.users.addFounder(newcomer)) ?? (await ctx.users.add(newcomer, 'admin'))
  if (!user) throw new Error('the address was taken this very moment')
  await ctx.users.setRole(user.id, 'admin')
  await ctx.standing.letIn(user.id)
  await ctx.openSessions.endAll(user.id)
  console.log(`Администратор: ${user.email}`)
  console.log(`Ссылка, чтобы задать пароль (сутки, один раз):\n${await makeResetLink(ctx, user)}`)
}
