import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { schema } from '../platforms/platform-schema.ts'

/** What an administrator decides of a platform, the secret aside; what is not there is left out. */
export function toChanges(
  platform: StoredPlatform | PlatformChanges,
): Omit<PlatformChanges, 'clientSecret'> {
  const names = Object.keys(schema.shape).filter((name) => name !== 'clientSecret')
  const entries = names.map((name) => [name, platform[name as keyof PlatformChanges]] as const)
  const there = entries.filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as unknown as PlatformChanges
}
