import type { Request } from 'express'
import type { PlatformFaults, PlatformField } from '../../flows/platforms/platform-fields.ts'
import { fieldsOf } from '../kit/forms.ts'
import { NotFound } from '../../errors.ts'
import type { PlatformFault } from '../../flows/platforms/platform-schema.ts'
import type { StoredPlatform } from '../../store/custom-provider-rows.ts'
import { faultInWords } from '../admin/provider-form.ts'
import { Problem } from './problems.ts'

/** Plan 003's names, and those of what it leaves out. */
const NAMES = {
  title: 'title',
  icon: 'icon',
  client_id: 'clientId',
  client_secret: 'clientSecret',
  provider_scope: 'scope',
  authorisation_base_url: 'authorizeUrl',
  token_grabber_base_url: 'tokenUrl',
  user_info_base_url: 'userinfoUrl',
  revocation_url: 'revokeUrl',
  issuer: 'issuer',
  issuer_required: 'issuerRequired',
  pkce: 'pkce',
  client_auth: 'clientAuth',
  scope_delimiter: 'scopeDelimiter',
  id_path: 'idPath',
  name_path: 'namePath',
  email_path: 'emailPath',
  enabled: 'enabled',
  sign_in: 'signIn',
  sign_in_scope: 'signInScope',
} as const satisfies Record<string, PlatformField>

/** What the body says by our own names; a name nobody knows is refused, so that no typing error is lost. */
export function inputOf({ body }: Request): Record<string, unknown> {
  const sent = fieldsOf(body)
  const unknown = Object.keys(sent).filter((name) => !Object.hasOwn(NAMES, name))
  if (unknown.length > 0) throw invalid(Object.fromEntries(unknown.map((name) => [name, UNKNOWN])))
  const named = Object.entries(NAMES).filter(([name]) => name in sent)
  return Object.fromEntries(named.map(([name, field]) => [field, sent[name] ?? '']))
}

const UNKNOWN = 'Такого поля нет'

/** Never the secret, only whether there is one. */
export function shown(platform: StoredPlatform, baseUrl: string) {
  const named = Object.entries(NAMES).filter(([name]) => name !== 'client_secret')
  return {
    key: platform.key,
    redirect_uri: `${baseUrl}/${platform.key}/callback`,
    api_redirect_uri: `${baseUrl}/api/v1/oauth/callback/${platform.key}`,
    has_client_secret: platform.hasSecret,
    ...Object.fromEntries(named.map(([name, field]) => [name, platform[field] ?? null])),
  }
}

export function refusal(faults: PlatformFaults): Problem {
  if (faults.key === 'key_taken') {
    return new Problem({ status: 409, code: 'key_taken', title: 'Такой сервис уже есть' })
  }
  if (faults.key) throw new NotFound('no key of a platform')
  const names = Object.fromEntries(Object.entries(NAMES).map(([name, field]) => [field, name]))
  const entries = Object.entries(faults) as [PlatformField, PlatformFault][]
  return invalid(
    Object.fromEntries(
      entries.map(([field, fault]) => [names[field] ?? field, faultInWords(field, fault)]),
    ),
  )
}

const invalid = (errors: Record<string, string>): Problem =>
  new Problem({
    status: 422,
    code: 'invalid_fields',
    title: 'Исправьте поля',
    more: { errors },
  })
