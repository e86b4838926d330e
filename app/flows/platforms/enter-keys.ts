import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { isKey, type SettingField } from '../../providers/setting-fields.ts'
import { forgetDeleted } from '../../store/db.ts'
import { textFault, type TextFault } from './platform-schema.ts'

/** What is wrong by unprefixed name: a code of ours, or the platform's own words. */
export type SettingFaults = Readonly<Record<string, TextFault | { words: string }>>

/** A platform as it would be with what was typed, or what to put right. */
export type Typed =
  | { ok: true; provider: Provider; changes: Record<string, string | undefined> }
  | { ok: false; faults: SettingFaults }

/** What was typed, by unprefixed name; anything at all. */
type Input = Readonly<Record<string, unknown>>

/** A field an administrator can do something with: the environment comes first where it names one. */
export const openFields = ({ providers, config }: Context, key: string): SettingField[] =>
  providers.fieldsOf(key).filter(({ name }) => !Object.hasOwn(config.platforms[key] ?? {}, name))

/**
 * What was typed beside what is entered already. A key left empty stays as it is; anything else left empty, or as usual,
 * is not entered. @throws NotFound for what is no platform of the list
 */
export async function readTyped(ctx: Context, key: string, input: Input): Promise<Typed> {
  const known = await ctx.platformSettings.of(key)
  const faults: Record<string, TextFault | { words: string }> = {}
  const changes: Record<string, string | undefined> = {}
  for (const field of openFields(ctx, key)) {
    const typed = input[field.name]
    const text = typeof typed === 'string' ? typed.normalize('NFC').trim() : ''
    const fault = text === '' ? undefined : textFault(text)
    if (fault) faults[field.name] = fault
    else if (text !== '' && text !== field.usual) changes[field.name] = text
    else if (!isKey(field) && typed !== undefined) changes[field.name] = undefined
  }
  const entered: [string, string | undefined][] = known.map(({ name, value }) => [name, value])
  const all = { ...Object.fromEntries(entered), ...changes }
  const given = Object.entries(all).filter(([, value]) => value !== undefined)
  const judged = ctx.providers.judge(key, Object.fromEntries(given) as Record<string, string>)
  if (!judged.ok)
    for (const [name, words] of Object.entries(judged.faults)) faults[name] ??= { words }
  return judged.ok && Object.keys(faults).length === 0
    ? { ok: true, provider: judged.provider, changes }
    : { ok: false, faults }
}

/** Keeps what was typed: from now on here, within a second everywhere. @throws NotFound as above */
export async function enterKeys(
  ctx: Context,
  key: string,
  input: Input,
  by: number,
): Promise<Typed> {
  const typed = await readTyped(ctx, key, input)
  if (!typed.ok) return typed
  const missing = firstMissing(ctx, key, typed)
  if (missing) return { ok: false, faults: { [missing]: 'required' } }
  await ctx.inOne(async (unit) => {
    await unit.platformSettings.change(key, typed.changes)
    await unit.events.add({ event: 'keys_entered', userId: by, provider: key })
  })
  await settle(ctx)
  ctx.log.info('keys_entered', { user: by, provider: key, names: Object.keys(typed.changes) })
  return typed
}

/** A platform that would still not be set up although nothing was typed for a key of it. */
function firstMissing(ctx: Context, key: string, { provider, changes }: Typed & { ok: true }) {
  if (provider.configured || provider.problem) return undefined
  const keys = openFields(ctx, key).filter(isKey)
  return keys.some(({ name }) => changes[name]) ? undefined : keys[0]?.name
}

/** Takes away whatever was entered; gives whether there was anything. Connections stay. */
export async function removeKeys(ctx: Context, key: string, by: number): Promise<boolean> {
  const count = await ctx.inOne(async (unit) => {
    const removed = await unit.platformSettings.removeAll(key)
    if (removed > 0) await unit.events.add({ event: 'keys_removed', userId: by, provider: key })
    return removed
  })
  await settle(ctx)
  if (count > 0) ctx.log.info('keys_removed', { user: by, provider: key })
  return count > 0
}

/** The old values are to be nowhere, and this process is not to wait for its second. */
async function settle(ctx: Context) {
  await forgetDeleted(ctx.db)
  await ctx.providers.reload()
}
