import type { Db } from './db.ts'
import type { Columns, UserRow } from './tables.ts'
import { inOneTransaction } from './unit.ts'
import { lockAdministrators } from './users.ts'
import type { Role } from './vocabulary.ts'

/**
 * `last_admin`: nobody else would administer · `not_allowed`: whoever asks is an administrator no more · `gone`: so is
 * the person.
 */
export type StandingChange = 'changed' | 'last_admin' | 'not_allowed' | 'gone'

/**
 * What people may do here, as administrators decide it. Two who take the rights of each other at once do not both: the
 * administrators' rows are locked in one order, and whoever comes second asks as nobody.
 */
export function createStandingStore(db: Db) {
  const change = (id: number, by: number, row: Columns<UserRow>, keepsRights: boolean) =>
    inOneTransaction(db, async (both): Promise<StandingChange> => {
      const administrators = await lockAdministrators(both)
      if (!administrators.includes(by)) return 'not_allowed'
      const others = administrators.filter((one) => one !== id)
      if (!keepsRights && others.length === 0) return 'last_admin'
      const changed = await both('users')
        .where({ id })
        .update({ ...row, updated_at: new Date() })
      return changed > 0 ? 'changed' : 'gone'
    })

  return {
    setRole: (id: number, role: Role, by: number): Promise<StandingChange> =>
      change(id, by, { role }, role === 'admin'),
    /** `reason`: in words the person reads. */
    block: (id: number, reason: string | undefined, by: number): Promise<StandingChange> =>
      change(id, by, { blocked_at: new Date(), block_reason: reason ?? null }, false),
    unblock: (id: number, by: number): Promise<StandingChange> => change(id, by, OPEN, true),
    /** By whoever has the machine itself. */
    async letIn(id: number): Promise<void> {
      await db('users').where({ id }).update(OPEN)
    },
  }
}

const OPEN = { blocked_at: null, block_reason: null }
