import type { Context } from '../../context.ts'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { checkFields, mayKeepSecret, type PlatformFaults } from './platform-fields.ts'
import { tryAddresses } from './try-addresses.ts'
import type { Finding } from './findings.ts'

/** Either what was found, address by address, or what has to be put right before anything is asked. */
export type Trial = { ok: true; findings: Finding[] } | { ok: false; faults: PlatformFaults }

/** What it is called does not matter here. */
const NAMELESS = '-'

/**
 * Tries the addresses of a platform that need not be saved yet: nothing is granted and nothing is stored. An empty
 * secret stands for the stored one of `key`, unless it would be sent elsewhere.
 */
export async function tryProvider(
  ctx: Context,
  key: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Trial> {
  const checked = await checkFields(ctx, { ...input, title: NAMELESS })
  if (!checked.ok) return checked
  const before = await ctx.customProviders.find(key)
  const secret = secretFor(checked.values, before)
  if (secret.fault) return { ok: false, faults: { clientSecret: secret.fault } }

  const platform = { ...checked.values, key, clientSecret: secret.text }
  return { ok: true, findings: await tryAddresses(ctx, platform) }
}

function secretFor(values: PlatformChanges, before: StoredPlatform | undefined): Secret {
  if (values.clientAuth === 'none') return {}
  if (values.clientSecret !== undefined) return { text: values.clientSecret }
  if (before?.clientSecret === undefined) return { fault: 'required' }
  return mayKeepSecret(before, values) ? { text: before.clientSecret } : { fault: 'secret_again' }
}

interface Secret {
  text?: string
  fault?: 'required' | 'secret_again'
}
