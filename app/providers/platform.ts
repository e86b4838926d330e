import * as z from 'zod'
import { splitScope } from '../oauth/tokens.ts'
import type { Provider } from './provider.ts'
import type { SettingWords } from './platform-words.ts'

/** How a platform is made from its variables. */
export interface Platform {
  key: string
  settings: z.ZodType
  /** What its variables are called on its page, by their unprefixed names; common ones have usual words. */
  labels?: Readonly<Record<string, SettingWords>>
  create: (variables: Record<string, string>, baseUrl: string) => Provider
}

/** Variables every platform understands, unprefixed. Endpoints move it to a simulator or a mirror. */
export const commonSettings = z.object({
  CLIENT_ID: z.string().optional(),
  CLIENT_SECRET: z.string().optional(),
  SCOPES: z.string().transform(splitScope).optional(),
  REDIRECT_URI: z.string().optional(),
  AUTHORIZE_URL: endpoint(),
  TOKEN_URL: endpoint(),
  API_URL: endpoint(),
  REVOKE_URL: endpoint(),
  USERINFO_URL: endpoint(),
})

function endpoint() {
  return z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:\/\//.test(text), 'нужен адрес https://…')
    .transform((text) => text.replace(/\/$/, ''))
    .optional()
}
