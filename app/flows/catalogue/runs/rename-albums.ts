import { ShopRefused } from '../../../errors.ts'
import type { Album } from '../../../catalogue/items.ts'
import { type Rename, renamesOf } from '../../../catalogue/renames.ts'
import type { RunExecution } from './step-results.ts'
import { stillOurs } from './run-lease.ts'

/** Albums that we made are called as their groups are. One that is gone, or may not be renamed, holds nobody up. */
export async function renameAlbums(carrying: RunExecution): Promise<void> {
  const { ctx, run, link, shop, capacity, hold } = carrying
  if (run.origin === 'undo') return
  const known = await ctx.syncItems.groups(link.id)
  const renames = renamesOf({ ...known, settings: link.settings, capacity })
  if (renames.length === 0) return
  hold.check()
  const there = new Map((await shop.albums()).map((album) => [album.id, album]))
  for (const rename of renames) {
    hold.check()
    const album = there.get(rename.albumId)
    const changes = album !== undefined && album.title !== rename.title
    if (changes && !(await isRenamed(carrying, album, rename))) continue
    stillOurs(await ctx.syncResults.noteTitle(run, { ...rename, changed: changes }))
  }
}

/** @throws ShopRefused that is not about this album */
async function isRenamed({ ctx, link, shop }: RunExecution, album: Album, { title }: Rename) {
  try {
    await shop.renameAlbum(album, title)
    return true
  } catch (error) {
    if (!(error instanceof ShopRefused) || !isAboutOne(error)) throw error
    ctx.log.warn('album_not_renamed', { link: link.id, album: album.id, code: error.code })
    return false
  }
}

const isAboutOne = ({ scope }: ShopRefused) => scope === 'item' || scope === 'missing'
