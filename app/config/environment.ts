/** Variables as the process has them. An empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>

export function withoutEmpty(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value?.trim() ? [[name, value.trim()] as const] : [],
  )
  return Object.fromEntries(entries)
}
