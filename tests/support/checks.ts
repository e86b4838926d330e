import type { Context } from '../../app/context.ts'

/** How many checks have been recorded, whatever they found. */
export async function checksDone({ db }: Pick<Context, 'db'>): Promise<number> {
  const [row] = await db('check_totals').select<{ n: number | string | null }[]>(
    db.raw('sum(passed + failed) as n'),
  )
  return Number(row?.n ?? 0)
}
