import type { Context } from '../../context.ts'
import { isAcceptable } from '../../http/addresses.ts'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { ADDRESSES, fault, key, type PlatformFault, schema } from './platform-schema.ts'

/** Faults by field, in the order of the form; empty when all is well. */
export type PlatformFaults = Partial<Record<PlatformField, PlatformFault>>

export type PlatformField = keyof PlatformChanges | 'key'

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
