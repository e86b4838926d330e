import type { SmallWorld } from './catalogue/small-world.ts'

/** What the database knows of a link and what stands in its community; the function puts it all back, without any run. */
export async function snapshotOf({
  ctx,
  link,
  community,
}: SmallWorld): Promise<() => Promise<void>> {
  const { db } = ctx
  const rowsOf = (table: string) => db<object>(table).where({ link_id: link.id } as object)
  const [row] = await db<object>('sync_links').where({ id: link.id } as object)
  const items = await rowsOf('sync_items')
  const groups = await rowsOf('sync_groups')
  const shown = structuredClone({ items: community.items, albums: community.albums })

  return async () => {
    await rowsOf('sync_runs').delete()
    await rowsOf('sync_items').delete()
    await rowsOf('sync_groups').delete()
    for (const one of items) await db('sync_items').insert(one)
    for (const one of groups) await db('sync_groups').insert(one)
    await db('sync_links')
      .where({ id: link.id })
      .update({ ...row })
    Object.assign(community, structuredClone(shown))
  }
}
