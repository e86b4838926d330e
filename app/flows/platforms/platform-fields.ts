import { z } from 'zod'
import type { Context } from '../../context.ts'
import { isAcceptable } from '../../http/addresses.ts'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-providers.ts'

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

/** Faults by field, in the order of the form; empty when all is well. */
export type PlatformFaults = Partial<Record<PlatformField, PlatformFault>>

export type PlatformField = keyof PlatformChanges | 'key'

/** Longest text of each field; the web's own limit on a form is larger. */
const LONGEST = { title: 100, icon: 64, id: 500, scope: 2_000, url: 2_000, path: 200 }

const fault = (code: PlatformFault) => code

const text = (longest: number) =>
  z
    .string(fault('required'))
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => value !== '', fault('required'))
    .refine((value) => !/\p{Cc}/u.test(value), fault('strange_signs'))
    .refine((value) => value.length <= longest, fault('too_long'))

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

const schema = z.object({
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

const key = z
  .string(fault('key_invalid'))
  .regex(/^(?!-)[a-z0-9-]{2,32}(?<!-)$/, fault('key_invalid'))

const ADDRESSES = ['authorizeUrl', 'tokenUrl', 'userinfoUrl', 'revokeUrl', 'issuer'] as const

/** Either what may be stored, or what to put right. */
export type CheckedPlatform =
  { ok: true; values: PlatformChanges } | { ok: false; faults: PlatformFaults }

/** An administrator's input, which may be anything at all, against the schema and the address guard. */
export async function checkFields(
  { config }: Pick<Context, 'config'>,
  input: unknown,
): Promise<CheckedPlatform> {
  const parsed = schema.safeParse(input ?? {})
  const faults: PlatformFaults = {}
  for (const {
    path: [name],
    message,
  } of parsed.error?.issues ?? [])
    faults[name as PlatformField] ??= message as PlatformFault

  const typed = (typeof input === 'object' ? input : {}) as Record<string, unknown> | null
  const judged = ADDRESSES.map(async (name) => {
    const value = typed?.[name]
    if (faults[name] || typeof value !== 'string' || value.trim() === '') return
    if (!(await isAcceptable(value.trim(), config.typedHosts))) faults[name] = 'url_unsafe'
  })
  await Promise.all(judged)
  return parsed.success && Object.keys(faults).length === 0
    ? { ok: true, values: parsed.data }
    : { ok: false, faults: inOrder(faults) }
}

/** The key of a new platform. */
export function keyFault({ providers }: Pick<Context, 'providers'>, wanted: unknown) {
  const parsed = key.safeParse(wanted)
  if (!parsed.success) return fault('key_invalid')
  return providers.isFree(parsed.data) ? undefined : fault('key_taken')
}

/**
 * Whether the stored secret may go on being used: it is sent to the token and the revocation address, and a change of
 * either must not send it to somebody else.
 */
export function mayKeepSecret(
  before: StoredPlatform,
  { tokenUrl, revokeUrl }: Pick<PlatformChanges, 'tokenUrl' | 'revokeUrl'>,
): boolean {
  const known = [before.tokenUrl, before.revokeUrl].map(originOf)
  return [tokenUrl, revokeUrl].every((url) => !url || known.includes(originOf(url)))
}

/** The first address that would show the owners' tokens to a server that has not seen them yet. */
export function movedAddress(
  before: StoredPlatform,
  now: PlatformChanges,
): (typeof SHOWN_TOKENS)[number] | undefined {
  const known = SHOWN_TOKENS.map((name) => originOf(before[name]))
  return SHOWN_TOKENS.find((name) => now[name] && !known.includes(originOf(now[name])))
}

const SHOWN_TOKENS = ['tokenUrl', 'userinfoUrl', 'revokeUrl'] as const

const originOf = (url: string | undefined) =>
  url && URL.canParse(url) ? new URL(url).origin : undefined

function inOrder(faults: PlatformFaults): PlatformFaults {
  const names = ['key', ...Object.keys(schema.shape)] as PlatformField[]
  return Object.fromEntries(names.flatMap((name) => (faults[name] ? [[name, faults[name]]] : [])))
}
