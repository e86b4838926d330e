import { loadConfig } from '../../app/config/index.ts'
import { createContext } from '../../app/context.ts'
import { platforms } from '../../app/providers/index.ts'
import { serve } from '../../app/serve.ts'

/** The server itself, but that it waits only so many milliseconds before it looks for a card nobody has heard of. */
const [, , quietMs = '20000'] = process.argv

const ctx = createContext(loadConfig(process.env, platforms), { quietMs: Number(quietMs) })
const running = await serve(ctx)
ctx.log.info('listening', { port: running.port, instance: ctx.instance })
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)))
