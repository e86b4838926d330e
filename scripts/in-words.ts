import { ConfigError } from '../app/errors.ts'

/** Runs a command; what an administrator can mend is told in words and not by a stack. */
export async function inWords(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) console.error(problem)
    process.exitCode = 1
  }
}
