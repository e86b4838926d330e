import type { Context } from '../../context.ts'
import { ConfigError } from '../../errors.ts'
import { forgetDeleted } from '../../store/db.ts'
import type { Import, Plan } from './plan.ts'
import { planCustom } from './plan-custom.ts'
import { planKeys } from './plan-keys.ts'
import { planPairs } from './plan-pairs.ts'
import { planWebhooks } from './plan-webhooks.ts'
import type { Contents, Secrets } from './settings-file.ts'

/**
 * Looks at everything and writes nothing. A file that was taken already has no changes.
 * @throws ConfigError with all that cannot be taken, in words
 */
export async function planImport(
  ctx: Context,
  { contents, secrets }: { contents: Contents; secrets: Secrets },
): Promise<Plan> {
  await ctx.providers.refresh()
  const all: Import = { ctx, contents, secrets, problems: [] }
  const parts = [
    await planKeys(all),
    await planCustom(all),
    await planWebhooks(all),
    await planPairs(all),
  ]
  if (all.problems.length > 0)
    throw new ConfigError([...all.problems, 'Ничего не записано. Исправьте это там, откуда файл.'])
  return {
    changes: parts.flatMap(({ changes }) => changes),
    notes: parts.flatMap(({ notes }) => notes),
    steps: parts.flatMap(({ steps }) => steps),
  }
}

/** All of it, or nothing. @throws ConfigError when something was changed since the plan was made */
export async function carryOut(ctx: Context, { steps, changes }: Plan): Promise<void> {
  await ctx.inOne(async (unit) => {
    for (const step of steps) await step(unit)
    await unit.events.add({ event: 'settings_imported', details: { count: changes.length } })
  })
  await forgetDeleted(ctx.db)
  await ctx.providers.reload()
  ctx.log.info('settings_imported', { count: changes.length })
}
