import { itemOf, mayChange, ownerOf, type VkCall } from './access.ts'
import { flagOf, idsOf, intOf, lettersOf, neededInt, pageOf } from './params.ts'
import { invalid, VkRefusal } from './refusal.ts'
import { type Community, nextId, seconds, type VkAlbum } from './state.ts'

/** market.getAlbums: 50 at a time unless told, 100 at the most (reference: VK, 7.6). */
export function getAlbums(call: VkCall): unknown {
  const community = ownerOf(call)
  if (!community.market) throw new VkRefusal(1438)
  const albums = [...community.albums.values()]
  const page = pageOf(call.params, albums, 50, 100)
  return { count: albums.length, items: page.map((album) => albumOut(community, album)) }
}

function albumOut(community: Community, album: VkAlbum) {
  const { id, title, items, hidden, main, photoId, updated } = album
  return {
    id,
    owner_id: -community.id,
    title,
    count: items.size,
    ...(main && { is_main: true }),
    ...(hidden && { is_hidden: true }),
    ...(photoId !== undefined && { photo: { id: photoId, owner_id: -community.id } }),
    updated_time: updated,
    type: 0,
  }
}

/** market.addAlbum. */
export function addAlbum(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 203)
  const fields = fieldsOf(call)
  if (community.albums.size >= call.market.rules.mostAlbums) throw new VkRefusal(1407)
  const id = nextId(call.market)
  community.albums.set(id, { id, items: new Set(), updated: seconds(), ...fields })
  return { market_album_id: id, albums_count: community.albums.size }
}

/** market.editAlbum: the title is wanted here too. */
export function editAlbum(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 203)
  const album = albumOf(community, neededInt(call.params, 'album_id'))
  Object.assign(album, fieldsOf(call), { updated: seconds() })
  return 1
}

function fieldsOf({ params }: VkCall) {
  const title = (params.title ?? '').trim()
  if (!title) throw invalid('title is undefined')
  if (lettersOf(title).length > 128) throw invalid('title should be at most 128 letters length')
  return {
    title,
    photoId: intOf(params, 'photo_id', 1),
    main: flagOf(params, 'main_album'),
    hidden: flagOf(params, 'is_hidden'),
  }
}

/** market.deleteAlbum: its cards stay. */
export function deleteAlbum(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 203)
  community.albums.delete(albumOf(community, neededInt(call.params, 'album_id')).id)
  return 1
}

/** market.addToAlbum: all cards into all albums, or nothing at all. */
export function addToAlbum(call: VkCall): unknown {
  const { market, params } = call
  const community = mayChange(call, ownerOf(call), 203)
  const single = market.rules.albumsTakeItemId && !('item_ids' in params)
  const ids = idsOf(params, single ? 'item_id' : 'item_ids')
  const albums = idsOf(params, 'album_ids').map((id) => albumOf(community, id))
  for (const id of ids) itemOf(community, id)
  for (const { items } of albums) {
    const there = ids.filter((id) => items.has(id)).length
    if (there > 0 && (market.rules.alreadyIn === 'any' || there === ids.length))
      throw new VkRefusal(1404)
    if (items.size + ids.length - there > market.rules.mostInAlbum) throw new VkRefusal(1406)
  }
  for (const { items } of albums) for (const id of ids) items.add(id)
  return 1
}

/** market.removeFromAlbum: one card, out of a list of albums. */
export function removeFromAlbum(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 203)
  const { id } = itemOf(community, neededInt(call.params, 'item_id'))
  const albums = idsOf(call.params, 'album_ids').map((albumId) => albumOf(community, albumId))
  for (const { items } of albums) items.delete(id)
  return 1
}

function albumOf({ albums }: Community, id: number): VkAlbum {
  const album = albums.get(id)
  if (!album) throw new VkRefusal(1402)
  return album
}
