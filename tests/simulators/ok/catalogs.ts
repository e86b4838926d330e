import { groupOf, needed, type OkCall, ownGroup, pageOf } from './call.ts'
import { badParam, notFound } from './refusal.ts'
import { nextId, type OkCatalog, type OkGroup } from './state.ts'

/** market.getCatalogsByGroup. */
export function getCatalogs(call: OkCall): unknown {
  const { page, rest } = pageOf(call.params, [...groupOf(call).catalogs.values()])
  const catalogs = page.map(({ id, name }) => ({ id, name }))
  return { ...(catalogs.length > 0 && { catalogs }), ...rest }
}

/** market.addCatalog: nothing makes it safe to repeat. */
export function addCatalog(call: OkCall): unknown {
  const group = ownGroup(call)
  const catalog = { id: nextId(call.market), ...fieldsOf(call) }
  group.catalogs.set(catalog.id, catalog)
  return { catalog_id: catalog.id, success: true }
}

/** market.editCatalog. */
export function editCatalog(call: OkCall): unknown {
  const group = ownGroup(call)
  Object.assign(catalogOf(call, group), fieldsOf(call))
  return { success: true }
}

/** market.deleteCatalog: its cards stay. */
export function deleteCatalog(call: OkCall): unknown {
  const group = ownGroup(call)
  const { id } = catalogOf(call, group)
  group.catalogs.delete(id)
  for (const product of group.products.values())
    product.catalogIds = product.catalogIds.filter((one) => one !== id)
  return { success: true }
}

function fieldsOf({ params }: OkCall): Omit<OkCatalog, 'id'> {
  const name = needed(params, 'name').trim()
  if (Array.from(name).length > 100) throw badParam('Invalid name')
  return { name, adminRestricted: params.admin_restricted === 'true' }
}

function catalogOf({ params }: OkCall, { catalogs }: OkGroup): OkCatalog {
  const catalog = catalogs.get(needed(params, 'catalog_id'))
  if (!catalog) throw notFound('catalog')
  return catalog
}
