import { createHash } from 'node:crypto'
import type { Step } from './steps.ts'

/** SHA-256 in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Same digest, same steps in the same order. */
export function digestOf(steps: readonly Step[]): string {
  const hash = createHash('sha256') // one by one: the text of all of them is as large as they are
  for (const step of steps) hash.update(`${JSON.stringify(step)}\n`)
  return hash.digest('hex')
}
