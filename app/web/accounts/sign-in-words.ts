import type { Request } from 'express'
import type { Text } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import type { SignInFailure } from '../../flows/accounts/sign-in-ending.ts'
import { signInProviders } from '../../flows/accounts/sign-in-ways.ts'
import { say, type TextCode } from '../../texts/index.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'

/** A button beside the password: «Войти через …». */
export interface SignInButton {
  key: string
  title: string
  icon: string
}

/** What a page for strangers offers beside the password. */
export function signInButtons(ctx: Context): SignInButton[] {
  return signInProviders(ctx).map(({ key, title, icon }) => ({ key, title, icon }))
}

/** What to say on `/login?error=<code>`; undefined for a code that is none of ours. */
export function signInNotice(ctx: Context, { query, session }: Request): Text | undefined {
  const code = query.error
  if (typeof code !== 'string' || !isSignInFailure(code)) return undefined
  const { failure } = session
  const provider = failure?.code === code ? ctx.providers.find(failure.provider) : undefined
  return signInWords(code, provider)
}

/** The words for a failure; who has no session is not told which platform it was. */
export function signInWords(failure: SignInFailure, platform?: PlatformName): Text {
  return say(WORDS[failure], { platform })
}

const isSignInFailure = (code: string): code is SignInFailure => Object.hasOwn(WORDS, code)

/** The addresses are short, the texts' names are not shared with those of connecting. */
const WORDS = {
  access_denied: 'sign_in_cancelled',
  invalid_state: 'sign_in_stale',
  provider_unavailable: 'sign_in_unavailable',
  rate_limited: 'sign_in_rate_limited',
  tls_error: 'sign_in_tls_error',
  address_refused: 'sign_in_address_refused',
  no_way_out: 'sign_in_no_way_out',
  not_configured: 'sign_in_unset',
  provider_disabled: 'sign_in_disabled',
  registration_closed: 'sign_in_closed',
  account_blocked: 'sign_in_blocked',
  sign_in_failed: 'sign_in_failed',
  sign_in_unknown: 'sign_in_unknown',
  sign_in_email_taken: 'sign_in_email_taken',
  sign_in_taken: 'sign_in_taken',
  other_account: 'sign_in_other',
} as const satisfies Record<SignInFailure, TextCode>
