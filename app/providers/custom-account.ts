import { ProviderError } from '../errors.ts'
import { asObject, asText } from '../http/answer.ts'
import type { CustomPlatform } from './custom-platform.ts'
import type { Account } from './account.ts'

/** Longer ones are no name and no number of anybody's, and would fill every page they stand on. */
const LONGEST = { id: 255, name: 200, email: 254 }

/**
 * Whose account it is (OpenID Connect Core §5.3.2 and what others answer).
 * @throws ProviderError when a place the administrator named is empty, or the id is none
 */
export function accountIn(body: Record<string, unknown>, platform: CustomPlatform): Account {
  const { idPath, namePath, emailPath } = platform
  const id = idPath ? textAt(body, idPath) : firstOf(body, ['sub', 'id', 'user_id'])
  const name = namePath
    ? textAt(body, namePath)
    : firstOf(body, ['name', 'email', 'login', 'username'])
  const email = emailPath ? textAt(body, emailPath) : undefined
  if ((idPath && !id) || (id && id.length > LONGEST.id))
    throw new ProviderError('no id at the path', { code: 'bad_response', kind: 'configuration' })
  return {
    ...(id && { id }),
    ...(name && { name: name.slice(0, LONGEST.name) }),
    profile: email ? { email: email.slice(0, LONGEST.email) } : {},
  }
}

/** The same, for letting somebody in: what could be two people is nobody. @throws as above */
export function personIn(body: Record<string, unknown>, platform: CustomPlatform): Account {
  const { idPath, emailPath } = platform
  const { name, profile } = accountIn(body, platform)
  const id = exactText(idPath ? valueAt(body, idPath) : usualId(body))
  return { profile, ...(name && { name }), ...(id && { id }), ...verifiedEmail(body, emailPath) }
}

/** One name alone, the first that says anything: numbers under two names may belong to two people. */
function usualId(body: Record<string, unknown>): unknown {
  const name = ['sub', 'id', 'user_id'].find(
    (one) => Object.hasOwn(body, one) && body[one] !== null,
  )
  return name && body[name]
}

/** A number too large for JSON to carry exactly is another account's as well. */
const exactText = (value: unknown): string | undefined =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : asText(value)

/** `email_verified` speaks of the `email` beside it (OpenID Connect Core §5.1), and of no other. */
function verifiedEmail(
  body: Record<string, unknown>,
  path = 'email',
): Pick<Account, 'email'> | undefined {
  const beside = path.split('.').slice(0, -1)
  const address = textAt(body, path)
  if (!address || !/(^|\.)email$/.test(path)) return undefined
  const flag = valueAt(body, [...beside, 'email_verified'].join('.'))
  return { email: { address, verified: flag === true || flag === 'true' } }
}

const firstOf = (body: Record<string, unknown>, names: readonly string[]) =>
  names.map((name) => textAt(body, name)).find((text) => text !== undefined)

const textAt = (body: unknown, path: string): string | undefined => asText(valueAt(body, path))

/** `data.users.0.id`: names of fields and numbers of places; nothing but the answer's own. */
function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const fields = asObject(Array.isArray(value) ? Object.assign({}, value) : value)
    return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
  }, body)
}
