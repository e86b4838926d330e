import { config as loadEnv } from 'dotenv'
import { loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { canonicalEmail } from '../app/emails.ts'
import { makeResetLink } from '../app/flows/reset-password.ts'
import { platforms } from '../app/providers/index.ts'
import { migrate } from '../app/store/migrate.ts'

/**
 * Makes an administrator, or an existing user one, and prints a one-time link to a password of their own:
 * `npm run create-admin -- marina@example.ru "Марина Ковалёва"`. No password ever stands on a command line.
 */
const [address, name = 'Администратор'] = process.argv.slice(2)
if (!address?.includes('@')) {
  console.error('Как вызвать: npm run create-admin -- marina@example.ru "Марина Ковалёва"')
  process.exit(1)
}

loadEnv({ quiet: true })
const ctx = createContext(loadConfig({ LOG_LEVEL: 'warn', ...process.env }, platforms))
try {
  await migrate(ctx.db)
  const email = canonicalEmail(address)
  const newcomer = { email, name, passwordHash: null }
  const known = (await ctx.users.findByEmail(email))?.user
  const user =
    known ?? (await ctx.users.addFounder(newcomer)) ?? (await ctx.users.add(newcomer, 'admin'))
  if (!user) throw new Error('the address was taken this very moment')
  await ctx.users.setRole(user.id, 'admin')
  await ctx.openSessions.endAll(user.id)
  console.log(`Администратор: ${user.email}`)
  console.log(`Ссылка, чтобы задать пароль (сутки, один раз):\n${await makeResetLink(ctx, user)}`)
} finally {
  await ctx.close()
}
