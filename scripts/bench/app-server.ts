import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { register } from '../../app/flows/accounts/register.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { serve } from '../../app/serve.ts'

/** EvoSync itself on SQLite, nothing switched off, with somebody who has connected both; told to the parent. */
const PERSON = { name: 'Марина', email: 'marina@example.ru', password: 'buket-utro-2490' }

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-bench-'))
const keys = {
  VK_CLIENT_ID: '1',
  VK_CLIENT_SECRET: '2',
  EVOTOR_CLIENT_ID: '1',
  EVOTOR_CLIENT_SECRET: '2',
}
const settings = { PORT: '0', DATABASE_FILE: path.join(folder, 'bench.sqlite') }
const ctx = createContext(loadConfig({ ...freshSecrets(), ...keys, ...settings }, platforms))
const { port } = await serve(ctx)

await register(ctx, { ...PERSON, address: 'bench' })
for (const provider of ['evotor', 'vk']) {
  const account = { id: '1', name: 'Марина Ковалёва', profile: {} }
  const tokens = { accessToken: 'x', carried: {} }
  const { id, revision } = await ctx.connections.save({ userId: 1, provider, account, tokens })
  await ctx.checks.record({ id, revision }, { health: 'online' })
}

process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
process.on('SIGTERM', () => process.exit(0))
process.on('message', () => process.send?.(process.cpuUsage()))
process.send?.({ port, person: PERSON })
