import { AsyncLocalStorage } from 'node:async_hooks'

/** What log and journal note about the request they serve. */
export interface Asking {
  /** The number a person reads on a page and names to support: `7f3a-12c9`. */
  id: string
  /** Where it came from, as limits count it. */
  address: string
}

/**
 * The request being answered, through everything awaited on its behalf; empty in jobs and scripts. Only log and journal
 * read it: what decides anything is passed by hand.
 */
export const asking = new AsyncLocalStorage<Asking>()
