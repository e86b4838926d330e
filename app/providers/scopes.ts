import type { Provider } from './provider.ts'
import type { Scope } from './platform-words.ts'

/**
 * Needed rights that were not granted. A platform that does not tell its rights, or tells them in names we do not know,
 * is taken to have granted what was asked (RFC 6749 §5.1).
 */
export function missingScopes(
  { scopes }: Provider,
  granted: readonly string[] | undefined,
): Scope[] {
  if (!granted || !understood(scopes, granted)) return []
  return scopes.filter(({ name, needed }) => needed && !granted.includes(name))
}

/** The rights that are missing, as a text; where only the platform knows which, all that are needed and may be missing. */
export function missingInWords(provider: Provider, granted: readonly string[] | undefined): string {
  const missing = missingScopes(provider, granted)
  const whole = granted && granted.length > 0 && understood(provider.scopes, granted)
  if (whole && missing.length === 0) return 'сервис не говорит, каких именно'
  const named = missing.length > 0 ? missing : provider.scopes.filter(({ needed }) => needed)
  return named.map(({ title }) => `«${title}»`).join(', ')
}

/** Rights that were granted. */
export function grantedScopes(
  { scopes }: Provider,
  granted: readonly string[] | undefined,
): readonly Scope[] {
  if (!granted || !understood(scopes, granted)) return scopes
  return scopes.filter(({ name }) => granted.includes(name))
}

function understood(scopes: readonly Scope[], granted: readonly string[]): boolean {
  return granted.length === 0 || scopes.some(({ name }) => granted.includes(name))
}
