import type { Api } from './api.ts'

/** What is asked for when a person only signs in. */
export interface SignIn {
  scopes: readonly string[]
  /** Whose word it is, at a platform of an administrator: who was known by another server's word is not known by it. */
  edition?: string
  /** Who is this, where letting in has to be stricter than showing. Throws ProviderError. */
  identify?(api: Api): Promise<Account>
}

/** Whose account it is. `profile` is shown by the platform's own words and holds no secret. */
export interface Account {
  /** Absent when the platform does not tell (a till account without stores). */
  id?: string
  name?: string
  profile: Record<string, unknown>
  /** The connection lives, but a person has something to do: a code of the texts. */
  attention?: string
  /** When the whole grant ends, however often its tokens are renewed. */
  endsAt?: Date
  /** For signing in; not stored with a connection. */
  email?: { address: string; verified: boolean }
}
