import type { Context } from '../../../app/context.ts'
import { isPostgres } from '../../../app/store/db.ts'
import { seedGoods } from './seed-goods.ts'
import { seedPeople } from './seed-people.ts'
import { seedConnections } from './seed-connections.ts'
import type { Sizes } from './sizes.ts'

/** Fills an empty, migrated database. Each part says how long it took. */
export async function seed(ctx: Context, sizes: Sizes): Promise<void> {
  const parts = { people: seedPeople, connections: seedConnections, goods: seedGoods }
  for (const [name, part] of Object.entries(parts)) {
    const begun = performance.now()
    await part(ctx, sizes)
    console.log(`  ${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  }
  if (isPostgres(ctx.db)) await ctx.db.raw('vacuum analyze')
  else await ctx.db.raw('pragma wal_checkpoint(truncate)')
}
