import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { platforms } from '../../app/providers/index.ts'

/** A process that goes through the tick of the second its argument names. */
const ctx = createContext(loadConfig({ ...process.env, LOG_LEVEL: 'silent' }, platforms))
await checkDue(ctx, new Date(Number(process.argv[2])), new AbortController().signal)
await ctx.close()
