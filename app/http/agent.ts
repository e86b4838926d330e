import type { Agent } from 'undici'
import type { AgentOptions } from './open-agent.ts'

/** Sockets of one kind of calls. */
export interface LazyAgent {
  get(): Promise<Agent>
  close(): Promise<void>
}

/** Opens at the first call: undici is a fifth of a start, and an instance that calls nobody yet needs none of it. */
export function lazyAgent(options: AgentOptions): LazyAgent {
  let agent: Promise<Agent> | undefined
  return {
    get: () => (agent ??= import('./open-agent.ts').then(({ openAgent }) => openAgent(options))),
    async close() {
      await (await agent)?.destroy()
    },
  }
}
