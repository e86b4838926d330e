import * as z from 'zod'
import { oneOf } from '../../config/variables.ts'
import { commonSettings } from '../platform.ts'

const { REDIRECT_URI, AUTHORIZE_URL, TOKEN_URL, API_URL } = commonSettings.shape

/** Shopee names its two keys differently, and has neither scopes nor a way to revoke. */
export const settings = z.object({
  PARTNER_ID: z
    .string()
    .regex(/^\d{1,15}$/, 'нужно число из консоли Shopee')
    .optional(),
  PARTNER_KEY: z.string().optional(),
  ENVIRONMENT: oneOf('test', 'live').default('live'),
  REGION: oneOf('global', 'cn', 'br').default('global'),
  LINK: oneOf('new', 'legacy').default('new'),
  REDIRECT_URI,
  AUTHORIZE_URL,
  TOKEN_URL,
  API_URL,
})

export type ShopeeSettings = z.infer<typeof settings>

/** Where an application of this environment and region talks to. */
export interface Hosts {
  authorizeUrl: string
  tokenUrl: string
  refreshUrl: string
  /** A bare host: method paths begin with `/api/v2`. */
  apiUrl: string
  /** The page on which a seller ends the authorization. */
  cancelUrl: string
}

/**
 * The hosts of open.shopee.com/developer-guide/20 and 16, or those the variables name. The refresh call stands beside
 * the token call, wherever that is.
 */
export function hostsOf(own: ShopeeSettings): Hosts {
  const { ENVIRONMENT, REGION, LINK } = own
  const pages = PAGES[ENVIRONMENT][REGION]
  const apiUrl = own.API_URL ?? APIS[ENVIRONMENT][REGION]
  const tokenUrl = own.TOKEN_URL ?? `${apiUrl}/api/v2/auth/token/get`
  const usual = LINK === 'new' ? `${pages}/auth` : `${apiUrl}/api/v2/shop/auth_partner`
  return {
    authorizeUrl: own.AUTHORIZE_URL ?? usual,
    tokenUrl,
    refreshUrl: new URL('../access_token/get', tokenUrl).href,
    apiUrl,
    cancelUrl: `${pages}/cancel_auth`,
  }
}

const PAGES = {
  live: {
    global: 'https://open.shopee.com',
    cn: 'https://open.shopee.cn',
    br: 'https://open.shopee.com.br',
  },
  test: {
    global: 'https://open.sandbox.test-stable.shopee.com',
    cn: 'https://open.sandbox.test-stable.shopee.cn',
    br: 'https://open.sandbox.test-stable.shopee.com.br',
  },
}

const APIS = {
  live: {
    global: 'https://partner.shopeemobile.com',
    cn: 'https://openplatform.shopee.cn',
    br: 'https://openplatform.shopee.com.br',
  },
  test: {
    global: 'https://openplatform.sandbox.test-stable.shopee.sg',
    cn: 'https://openplatform.sandbox.test-stable.shopee.cn',
    br: 'https://openplatform.sandbox.test-stable.shopee.sg', // the sandbox of everybody outside China
  },
}
