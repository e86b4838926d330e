/** Failures we expect. Anything else that is thrown is a bug: a 500 page and one log line. */

/** The environment cannot be used. Carries every problem found, in words an administrator can act on. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}

/** No such page, platform or row, or a row that belongs to somebody else. Becomes the 404 page. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}

/** The person may not do this: not an administrator, or the form is not one of ours. Nothing happened. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden'
  readonly reason: 'admins_only' | 'stale_page'

  constructor(reason: 'admins_only' | 'stale_page') {
    super(reason)
    this.reason = reason
  }
}

/** A limit is reached. `retryAfter` is in seconds; `what` tells which words the page uses. */
export class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests'
  readonly what: 'sign_in' | 'page'
  readonly retryAfter: number

  constructor(what: 'sign_in' | 'page', retryAfter: number) {
    super(what)
    this.what = what
    this.retryAfter = retryAfter
  }
}

/** There is no room for it just now; `what` is the code of the words. `retryAfter` is in seconds. */
export class Busy extends Error {
  override readonly name = 'Busy'
  readonly what:
    | 'uploads_full'
    | 'uploads_no_place'
    | 'upload_under_way'
    | 'pictures_full'
    | 'files_full'
    | 'previews_full'
  readonly retryAfter: number

  constructor(what: Busy['what'], retryAfter: number, options?: ErrorOptions) {
    super(what, options)
    this.what = what
    this.retryAfter = retryAfter
  }
}

/** Whoever asked is not there any more: what was begun for them ends. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/**
 * Why a picture is not taken. `photo_too_many`: so many are kept already;
 * `photo_too_often`: so many were looked at in this hour. `photo_not_now`: the machine could not look at it.
 */
export const PHOTO_FAILURES = [
  'photo_unreadable',
  'photo_not_now',
  'photo_too_small',
  'photo_too_large',
  'photo_too_many_pixels',
  'photo_too_many',
  'photo_too_often',
] as const
export type PhotoFailure = (typeof PHOTO_FAILURES)[number]

/** A picture cannot be used; `values` are what the texts fill in. */
export class PhotoRefused extends Error {
  override readonly name = 'PhotoRefused'
  readonly code: PhotoFailure
  readonly values: Readonly<Record<string, number>>

  constructor(
    code: PhotoFailure,
    values: Readonly<Record<string, number>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options)
    this.code = code
    this.values = values
  }
}

/** Why connecting ended without a connection; shown on `/<key>?error=<code>`. */
export const CONNECT_FAILURES = [
  'invalid_state',
  'token_exchange',
  'no_token',
  'no_code',
  'access_denied',
  'insufficient_scope',
  'profile_failed',
  'account_changed',
  'session_lost',
  'provider_unavailable',
  'rate_limited',
  'not_configured',
  'provider_disabled',
  'invalid_client',
  'redirect_mismatch',
  'app_scope_missing',
  'tls_error',
  'address_refused',
  'token_refused',
  'token_without_rights',
  'token_unchecked',
  'no_way_out',
] as const
export type ConnectFailure = (typeof CONNECT_FAILURES)[number]

/** Thrown while connecting; the callback redirects to `/<key>?error=<code>`. */
export class ConnectFailed extends Error {
  override readonly name = 'ConnectFailed'
  readonly code: ConnectFailure

  constructor(code: ConnectFailure, options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}

/**
 * What a platform's failure means for us; retry, breaker, refresh and health all read this one word.
 * `dead`: the grant is gone. `permission`: a right is missing. `configuration`: ours to mend. `temporary`: later.
 */
export type FailureKind = 'dead' | 'permission' | 'configuration' | 'temporary'

/** How a {@link ProviderError} is described; `code` is ours (`token_revoked`, `bad_response`), never the platform's text. */
export interface ProviderFailure {
  code: string
  kind: FailureKind
  /** The platform itself is down (network, timeout, 5xx): the only kind of failure the breaker counts. */
  outage?: boolean
  /** HTTP status of the answer, when there was one. */
  status?: number
  /** The platform's own number for it, short and fit to be shown: `HTTP 503`, `ошибка 5`. */
  detail?: string
  /** When it makes sense to try again. */
  retryAt?: Date
  /** The request never left: repeating it cannot do anything twice. */
  unsent?: boolean
  /** Whose call it was, where that is known already: the platform's key. */
  platform?: string
}

/** A call to a platform failed. `message` is for our log and holds no secret and no body. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: string
  readonly kind: FailureKind
  readonly outage: boolean
  readonly unsent: boolean
  readonly status: number | undefined
  readonly detail: string | undefined
  readonly retryAt: Date | undefined
  #platform: string | undefined

  constructor(message: string, failure: ProviderFailure, options?: ErrorOptions) {
    super(message, options)
    this.#platform = failure.platform
    this.code = failure.code
    this.kind = failure.kind
    this.outage = failure.outage ?? false
    this.unsent = failure.unsent ?? false
    this.status = failure.status
    this.detail = failure.detail ?? (failure.status ? `HTTP ${failure.status}` : undefined)
    this.retryAt = failure.retryAt
  }

  /** Whose call it was: the platform's key; undefined while nobody has said. */
  get platform(): string | undefined {
    return this.#platform
  }

  /** Says whose call it was; whoever stands nearest to the call is right, and says it first. */
  of(platform: string): this {
    this.#platform ??= platform
    return this
  }
}

/**
 * What a shop's refusal means for a run. `item`: this card only. `missing`: the card is not there any more. `pause`: go on
 * later. `account`: stop, a person has to do something first. `temporary`: try again.
 */
export type RefusalScope = 'item' | 'missing' | 'pause' | 'account' | 'temporary'

/** How a {@link ShopRefused} is described, beside what every failure has. */
export interface ShopRefusal extends ProviderFailure {
  scope: RefusalScope
  /** What the texts fill in. */
  values?: Readonly<Record<string, string | number>>
  /** Where the person proves to be one, of a captcha or a confirmation. */
  link?: string
}

/** A shop answered, and the answer is no. */
export class ShopRefused extends ProviderError {
  readonly scope: RefusalScope
  readonly values: Readonly<Record<string, string | number>>
  readonly link: string | undefined

  constructor(message: string, refusal: ShopRefusal, options?: ErrorOptions) {
    super(message, refusal, options)
    this.scope = refusal.scope
    this.values = refusal.values ?? {}
    this.link = refusal.link
  }
}

/** A sealed secret does not open: wrong key, or not the row it was sealed for. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}
