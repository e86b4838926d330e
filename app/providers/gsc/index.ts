import type { Tokens } from '../../oauth/tokens.ts'
import { GOOGLE, GOOGLE_OAUTH, identifyAtGoogle, revokeAtGoogle } from '../google/account.ts'
import { sitesOf } from './sites.ts'
import { SCOPES, WORDS } from './words.ts'
import { oauthPlatform } from '../oauth-platform.ts'
import { sideBySide } from '../side-by-side.ts'
import { commonSettings } from '../platform.ts'

const SITES = 'https://www.googleapis.com/auth/webmasters'
const LIFE = 'refresh_token_expires_in'
const WEEK_S = 7 * 24 * 3600

/** Google Search Console: developers.google.com/webmaster-tools, and Google's OAuth for web server applications. */
export const gsc = oauthPlatform('gsc', commonSettings, () => ({
  title: 'Google Search Console',
  icon: 'bi-google',
  tile: { ground: '#e9f0fe', ink: '#2457ae' },
  words: WORDS,
  scopes: SCOPES,
  asked: [`${SITES}.readonly`, 'openid', 'email'],
  ...GOOGLE,
  oauth: {
    ...GOOGLE_OAUTH,
    extraAuthorizeParams: { include_granted_scopes: 'true' },
    keep: [LIFE],
  },
  warnDays: [3], // where access lasts a week, seven days before its end is the day it begins
  auth: (usual, at) => ({
    // Later answers tell what is left, and what is left of a long access is a week, too, one day.
    async refresh(http, old) {
      const renewed = await usual.refresh?.(http, old)
      return { ...(renewed ?? old), carried: old.carried }
    },
    revoke: revokeAtGoogle(at),
  }),

  /** Search Console has no account of its own: userinfo says whose it is, the sites prove that it works. */
  async identify(api, at) {
    const [{ id, email }, sites] = await sideBySide(
      api,
      () => identifyAtGoogle(api, at),
      async () => (mayRead(api.tokens) ? await sitesOf(api, at.apiUrl) : []),
    )
    return {
      ...(id && { id }),
      ...(email && { name: email.address }),
      profile: { sites },
      ...(isInTesting(api.tokens) && { attention: 'app_in_testing' }),
    }
  },
}))

/** A right that was unticked is named as missing; asking without it would only be refused. */
const mayRead = ({ scope }: Tokens) => scope?.some((name) => name.startsWith(SITES)) ?? true

/** Nobody's refresh token but that of an application in testing lives a week from the consent. */
const isInTesting = ({ carried }: Tokens) => Number(carried[LIFE] ?? Infinity) <= WEEK_S
