import { addCatalog, deleteCatalog, editCatalog, getCatalogs } from './catalogs.ts'
import { listOf, needed, type OkCall } from './call.ts'
import * as goods from './goods.ts'
import { getInfo, getUserGroups, urlInfo } from './groups.ts'
import { getUploadUrl } from './photos.ts'

export interface OkMethod {
  run: (call: OkCall) => unknown
  /** Rights it needs (docs/platforms/ok.md#calls). */
  rights: readonly string[]
  writes?: true
}

const GROUP = ['GROUP_CONTENT', 'VALUABLE_ACCESS']
const reads = (run: OkMethod['run'], rights = GROUP): OkMethod => ({ run, rights })
const writes = (run: OkMethod['run']): OkMethod => ({ run, rights: GROUP, writes: true })

/** What this OK knows of the API: as much as goods need. */
export const METHODS: Readonly<Record<string, OkMethod>> = {
  'users.getCurrentUser': reads(whoAmI, []),
  'users.hasAppPermission': reads(hasPermission, []),
  'auth.touchSession': reads(() => true, []),
  'group.getUserGroupsV2': reads(getUserGroups),
  'group.getInfo': reads(getInfo, ['VALUABLE_ACCESS']),
  'url.getInfo': reads(urlInfo, ['VALUABLE_ACCESS']),
  'market.getProducts': reads(goods.getProducts),
  'market.getByIds': reads(goods.getByIds),
  'market.getCatalogsByGroup': reads(getCatalogs),
  'photosV2.getUploadUrl': reads(getUploadUrl, ['PHOTO_CONTENT']),
  'market.add': writes(goods.add),
  'market.edit': writes(goods.edit),
  'market.delete': writes(goods.remove),
  'market.setStatus': writes(goods.setStatus),
  'market.updateCatalogsList': writes(goods.updateCatalogsList),
  'market.addCatalog': writes(addCatalog),
  'market.editCatalog': writes(editCatalog),
  'market.deleteCatalog': writes(deleteCatalog),
}

/** users.getCurrentUser: the fields that were asked for. */
function whoAmI({ user, params }: OkCall): unknown {
  const [first_name = '', last_name = ''] = user.name.split(' ')
  const whole = { uid: user.id, name: user.name, first_name, last_name }
  const fields = listOf(params, 'fields').map((name) => name.toLowerCase())
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields.includes(name)))
}

function hasPermission({ scope, params }: OkCall): unknown {
  return scope.includes(needed(params, 'ext_perm'))
}
