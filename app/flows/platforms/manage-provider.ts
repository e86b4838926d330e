import pLimit from 'p-limit'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { forgetDeleted } from '../../store/db.ts'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { disconnect } from '../connections/disconnect.ts'
import {
  checkFields,
  keyFault,
  mayKeepSecret,
  movedAddress,
  type PlatformFaults,
} from './platform-fields.ts'

/** What became of a wish: the platform as it stands, or faults by field. */
export type Managed = { ok: true; platform: StoredPlatform } | { ok: false; faults: PlatformFaults }

const AT_ONCE = 10

/**
 * Adds a platform of an administrator's. `input` is {@link PlatformChanges} and a `key`, unchecked; what it leaves out
 * takes its default (PKCE on, secret in the body, enabled).
 */
export async function addProvider(
  ctx: Context,
  input: Readonly<Record<string, unknown>>,
  by: number,
): Promise<Managed> {
  await ctx.providers.refresh()
  const checked = await checkFields(ctx, input)
  const wrongKey = keyFault(ctx, input.key)
  const faults: PlatformFaults = {
    ...(wrongKey && { key: wrongKey }),
    ...(checked.ok ? missingSecret(checked.values) : checked.faults),
  }
  if (!checked.ok || wrongKey || Object.keys(faults).length > 0) return { ok: false, faults }
  const key = String(input.key)
  const added = await ctx.customProviders.add({ key, ...withoutUseless(checked.values) })
  if (!added) return { ok: false, faults: { key: 'key_taken' } }
  await forgetDeleted(ctx.db)
  return await settled(ctx, key, 'provider_added', by)
}

/**
 * Replaces everything but the key. An absent or empty secret keeps the stored one, unless it would be sent elsewhere;
 * while people are connected the addresses stay with their servers, which alone may see those people's tokens.
 * `seen`: the revision the change was made from, where the caller knows one.
 * @throws NotFound when there is no such platform of an administrator's
 */
export async function replaceProvider(
  ctx: Context,
  key: string,
  input: Readonly<Record<string, unknown>>,
  by: number,
  seen?: number,
): Promise<Managed> {
  const before = await stored(ctx, key)
  const checked = await checkFields(ctx, input)
  if (!checked.ok) return checked
  const { values } = checked
  const secret = values.clientSecret === undefined && values.clientAuth !== 'none'
  const fault = secret && faultOfKeeping(before, values)
  if (fault) return { ok: false, faults: { clientSecret: fault } }
  const moved = movedAddress(before, values)
  if (moved && (await ctx.connections.count(key)) > 0)
    return { ok: false, faults: { [moved]: 'people_connected' } }

  const { revision } = before
  const current = seen === undefined || seen === revision
  const how = { secret: secret ? 'kept' : 'replaced', vacant: moved !== undefined } as const
  const done =
    current && (await ctx.customProviders.replace({ key, revision }, withoutUseless(values), how))
  if (!done) return { ok: false, faults: { title: 'changed_meanwhile' } }
  return await settled(ctx, key, 'provider_changed', by)
}

/**
 * Changes the fields that are given and leaves the others as they are.
 * @throws NotFound
 */
export async function patchProvider(
  ctx: Context,
  key: string,
  changes: Readonly<Record<string, unknown>>,
  by: number,
): Promise<Managed> {
  const before = await stored(ctx, key)
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const whole = { ...before, clientSecret: undefined, ...Object.fromEntries(given) }
  return await replaceProvider(ctx, key, whole, by, before.revision)
}

/**
 * Removes a platform with its connections; gives their number. Grants are taken back where the platform can. The row
 * goes last, so that a removal cut short can be repeated.
 * @throws NotFound
 */
export async function removeProvider(ctx: Context, key: string, by: number): Promise<number> {
  await stored(ctx, key)
  await ctx.customProviders.disable(key)
  await ctx.providers.reload()
  const provider = ctx.providers.get(key)
  let count = 0
  do {
    const owners = await ctx.connections.ownersOf(key)
    await pLimit(AT_ONCE).map(owners, async (userId) => {
      if (await disconnect(ctx, userId, provider)) count += 1
    })
    await ctx.attempts.dropAll(key)
  } while (!(await ctx.customProviders.remove(key)))
  await ctx.providers.reload()
  await forgetDeleted(ctx.db)
  await ctx.events.add({ event: 'provider_removed', userId: by, provider: key, details: { count } })
  ctx.log.info('provider_removed', { user: by, provider: key, count })
  return count
}

/** @throws NotFound */
async function stored(ctx: Context, key: string): Promise<StoredPlatform> {
  const platform = await ctx.customProviders.find(key)
  if (!platform) throw new NotFound(`no platform ${key} of administrators`)
  return platform
}

/** Why the stored secret cannot go on being used. */
function faultOfKeeping(before: StoredPlatform, values: PlatformChanges) {
  if (!before.hasSecret) return 'required'
  return mayKeepSecret(before, values) ? undefined : 'secret_again'
}

function missingSecret({ clientAuth, clientSecret }: PlatformChanges): PlatformFaults {
  return clientAuth !== 'none' && clientSecret === undefined ? { clientSecret: 'required' } : {}
}

/** A client without authentication has no secret, and none is kept for it. */
const withoutUseless = (values: PlatformChanges): PlatformChanges =>
  values.clientAuth === 'none' ? { ...values, clientSecret: undefined } : values

async function settled(
  ctx: Context,
  key: string,
  event: 'provider_added' | 'provider_changed',
  by: number,
): Promise<Managed> {
  await ctx.providers.reload()
  await ctx.events.add({ event, userId: by, provider: key })
  ctx.log.info(event, { user: by, provider: key })
  return { ok: true, platform: await stored(ctx, key) }
}
