import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { freshAccess } from '../../app/flows/connections/fresh-access.ts'
import { platforms } from '../../app/providers/index.ts'

/** A process that wants the same access ten times at once; says which tokens it got. */
const ctx = createContext(loadConfig({ ...process.env, LOG_LEVEL: 'silent' }, platforms))
const provider = ctx.providers.get('vk')
const wanted = Array.from({ length: 10 }, () => freshAccess(ctx, { id: 1, provider }))
const got = await Promise.all(wanted)
process.stdout.write(JSON.stringify(got.map(({ tokens }) => tokens.accessToken)))
await ctx.close()
