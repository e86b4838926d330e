import type { Endpoint } from '../../flows/catalogue/endpoints.ts'
import { missingScopes } from '../../providers/scopes.ts'
import type { Trouble } from '../../store/sync-links.ts'

/** The platform does not let this application change goods: it has not given the right, or says so itself. */
export function lacksRight({ provider, connection }: Endpoint, trouble?: Trouble): boolean {
  const { gate } = provider
  if (!gate || !connection) return false
  const missing = missingScopes(provider, connection.scope)
  return (
    missing.some(({ name }) => name === gate.scope) ||
    gate.codes.some((code) => code === trouble?.code)
  )
}
