import * as z from 'zod'

/** What is wrong with a field, as a code of the texts. */
export type PlatformFault =
  | 'required'
  | 'too_long'
  | 'strange_signs'
  | 'key_invalid'
  | 'key_taken'
  | 'icon_invalid'
  | 'url_unsafe'
  | 'path_invalid'
  | 'choice_invalid'
  | 'secret_again'
  | 'changed_meanwhile'
  | 'people_connected'

/** Longest text of each field; the web's own limit on a form is larger. */
const LONGEST = { title: 100, icon: 64, id: 500, scope: 2_000, url: 2_000, path: 200 }

export const fault = (code: PlatformFault) => code

const text = (longest: number) =>
  z
    .string(fault('required'))
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => value !== '', fault('required'))
    .refine((value) => !/\p{Cc}/u.test(value), fault('strange_signs'))
    .refine((value) => value.length <= longest, fault('too_long'))

/** What is wrong with a text that is there. */
export type TextFault = Extract<PlatformFault, 'required' | 'too_long' | 'strange_signs'>

export function textFault(value: string): TextFault | undefined {
  if (/\p{Cc}/u.test(value)) return 'strange_signs'
  return value.length > LONGEST.url ? 'too_long' : undefined
}

/** An empty field counts as left out. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
    schema.optional(),
  )

const path = text(LONGEST.path).refine(
  (value) => /^[\w-]+(\.[\w-]+)*$/.test(value),
  fault('path_invalid'),
)

const choice = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, fault('choice_invalid'))

const flag = z.boolean(fault('choice_invalid'))

const address = text(LONGEST.url)

export const schema = z.object({
  title: text(LONGEST.title),
  icon: optional(
    text(LONGEST.icon).refine((value) => /^bi-[a-z0-9-]+$/.test(value), fault('icon_invalid')),
  ).transform((icon) => icon ?? 'bi-plug'),
  clientId: text(LONGEST.id),
  clientSecret: optional(text(LONGEST.id)),
  authorizeUrl: address,
  tokenUrl: address,
  userinfoUrl: address,
  scope: optional(text(LONGEST.scope)).transform((scope) => scope ?? ''),
  scopeDelimiter: choice(' ', ',').default(' '),
  revokeUrl: optional(address),
  issuer: optional(address),
  issuerRequired: flag.default(false),
  pkce: flag.default(true),
  clientAuth: choice('basic', 'body', 'none').default('body'),
  idPath: optional(path),
  namePath: optional(path),
  emailPath: optional(path),
  enabled: flag.default(true),
  signIn: flag.default(false),
  signInScope: optional(text(LONGEST.scope)),
})

export const key = z
  .string(fault('key_invalid'))
  .regex(/^(?!-)[a-z0-9-]{2,32}(?<!-)$/, fault('key_invalid'))

export const ADDRESSES = ['authorizeUrl', 'tokenUrl', 'userinfoUrl', 'revokeUrl', 'issuer'] as const
