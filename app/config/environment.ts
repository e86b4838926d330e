/** Variables as the process has them. An empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>

export function withoutEmpty(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value?.trim() ? [[name, value.trim()] as const] : [],
  )
  return Object.fromEntries(entries)
}

/** What PostgreSQL's own commands look at: where they are, and how to reach a server. */
export const forCommands = (environment: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(withoutEmpty(environment)).filter(([name]) =>
      /^(PATH|HOME|SystemRoot|PG[A-Z]+)$/.test(name),
    ),
  )
