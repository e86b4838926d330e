import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { freshDatabase } from '../support/databases.ts'

test('as it is served, a password is hashed at full cost', async () => {
  const config = loadConfig(freshSecrets(), platforms)
  const ctx = createContext({ ...config, database: await freshDatabase('sqlite') })
  onTestFinished(() => ctx.close())

  expect(await ctx.passwords.hash('buket-utro-2490')).toMatch(
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
  )
})
