import type { VkCall } from './access.ts'
import * as albums from './albums.ts'
import { getCategories } from './categories.ts'
import { groupsGet, groupsGetById } from './communities.ts'
import * as goods from './goods.ts'
import * as market from './market.ts'
import * as photos from './photos.ts'
import * as users from './users.ts'

/** A method: what it wants of the token, and whether it changes anything. */
export interface VkMethod {
  run: (call: VkCall) => unknown
  right?: 'market' | 'groups'
  /** Community tokens may use it too. */
  anyToken?: true
  writes?: true
  /** In `execute`: never, or only as a rule of the simulator says. */
  execute?: 'never' | 'add' | 'write'
}

const read = (run: VkMethod['run']): VkMethod => ({ run, right: 'market' })
const write = (run: VkMethod['run'], execute?: VkMethod['execute']): VkMethod => ({
  run,
  right: 'market',
  writes: true,
  ...(execute && { execute }),
})

/** Methods of people, communities, goods, albums and product photos. */
export const METHODS: Readonly<Record<string, VkMethod>> = {
  'users.get': { run: users.usersGet, anyToken: true },
  'account.getAppPermissions': { run: users.getAppPermissions },
  'groups.get': { run: groupsGet, right: 'groups' },
  'groups.getById': { run: groupsGetById, anyToken: true },
  'market.getCategories': read(getCategories),
  'market.get': read(market.get),
  'market.getById': read(market.getById),
  'market.search': read(market.search),
  'market.add': write(goods.add, 'add'),
  'market.edit': write(goods.edit, 'write'),
  'market.delete': write(goods.remove, 'write'),
  'market.restore': write(goods.restore, 'write'),
  'market.getAlbums': read(albums.getAlbums),
  'market.addAlbum': write(albums.addAlbum),
  'market.editAlbum': write(albums.editAlbum),
  'market.deleteAlbum': write(albums.deleteAlbum),
  'market.addToAlbum': write(albums.addToAlbum),
  'market.removeFromAlbum': write(albums.removeFromAlbum),
  'market.getProductPhotoUploadServer': { ...read(photos.getUploadServer), execute: 'never' },
  'market.saveProductPhoto': write(photos.save, 'never'),
  'market.saveProductPhotoBulk': write(photos.saveBulk, 'never'),
}
