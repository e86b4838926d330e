import type { z } from 'zod'

/** How to check what is checked once, at the start: without the code zod makes for what is checked often. */
export const ONCE = { jitless: true }

/** What a platform expects of its variables, named without their prefix (`CLIENT_ID`, not `VK_CLIENT_ID`). */
export interface PlatformSettings {
  key: string
  settings: z.ZodType
}

/** Variables of each platform by its key, unprefixed. */
export type PlatformVariables = Record<string, Record<string, string>>

/** Each platform's own variables by its key, unprefixed; what is wrong with them is added to `problems`. */
export function readPlatforms(
  env: Record<string, string>,
  platforms: readonly PlatformSettings[],
  problems: string[],
): PlatformVariables {
  const read = platforms.map(({ key, settings }) => {
    const prefix = `${key.toUpperCase()}_`
    const own = unprefixed(env, prefix)
    const checked = settings.safeParse(own, ONCE)
    if (!checked.success) problems.push(...explain(checked.error, prefix))
    return [key, own] as const
  })
  return Object.fromEntries(read)
}

function unprefixed(env: Record<string, string>, prefix: string) {
  const named = Object.entries(env).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** What is wrong, a line a variable. */
export function explain(error: z.ZodError, prefix = ''): string[] {
  return error.issues.map(({ path, message }) => `${prefix}${String(path[0] ?? '')}: ${message}`)
}
