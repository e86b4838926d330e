import type { Context } from '../../app/context.ts'

/** A database connection that breaks at its n-th statement, transaction brackets counted, and stays broken. */
export interface Dying {
  /** Statements asked for so far. */
  readonly asked: number
  readonly dead: boolean
}

/**
 * Lets a process die right before its n-th statement, as far as its database is concerned: nothing gets through any
 * more, not even a rollback. Once its context is closed, the server forgets what was not committed.
 */
export function dieAt(ctx: Context, n: number): Dying {
  let asked = 0
  ctx.db.on('query', () => {
    asked += 1
    if (asked >= n) throw new Died()
  })
  return {
    get asked() {
      return asked
    },
    get dead() {
      return asked >= n
    },
  }
}

class Died extends Error {
  override readonly name = 'Died'
}
