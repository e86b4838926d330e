import * as z from 'zod'
import { LABELS } from './labels.ts'
import type { Auth } from '../../oauth/auth.ts'
import { oauthPlatform } from '../oauth-platform.ts'
import { commonSettings } from '../platform.ts'
import { whoIsThis } from './account.ts'
import { ONE_SITE, SCOPES, WORDS } from './words.ts'

const settings = commonSettings.extend({ BLOG: z.string().optional() })

/**
 * WordPress.com: a token for one site, or for all sites of a person with the right `global`
 * (developer.wordpress.com/docs/api/oauth2).
 */
export const wordpress = oauthPlatform(
  'wordpress',
  settings,
  ({ CLIENT_ID = '', BLOG, ...own }) => ({
    title: 'WordPress.com',
    icon: 'bi-wordpress',
    tile: { ground: '#e4ebf0', ink: '#1f4d68' },
    words: WORDS,
    scopes: own.SCOPES ? SCOPES : ONE_SITE,
    asked: [], // naming no right means full access to one site
    authorizeUrl: 'https://public-api.wordpress.com/oauth2/authorize',
    tokenUrl: 'https://public-api.wordpress.com/oauth2/token',
    apiUrl: 'https://public-api.wordpress.com/rest/v1.1',
    oauth: {
      refreshes: false, // what comes for a code does not expire
      keep: ['blog_id', 'blog_url'],
      ...(BLOG && { extraAuthorizeParams: { blog: BLOG } }),
    },
    auth: readsNoScopeAsAll,
    identify: (api, at) => whoIsThis(api, at, CLIENT_ID),
  }),
  LABELS,
)

/** A token for one site comes with an empty `scope`: everything there, not nothing. */
function readsNoScopeAsAll(usual: Auth): Partial<Auth> {
  return {
    async complete(http, arrival) {
      const { scope = [], ...tokens } = await usual.complete(http, arrival)
      return scope.length > 0 ? { ...tokens, scope } : tokens
    },
  }
}
