import type { Api } from './api.ts'

/**
 * Two questions that do not wait for each other. While the platform is being tried after an outage only one call is let
 * through at a time, so they are asked in turn then. Where both fail, the first is to blame, as if it had come first.
 */
export async function sideBySide<One, Other>(
  { isCalm }: Pick<Api, 'isCalm'>,
  one: () => Promise<One>,
  other: () => Promise<Other>,
): Promise<[One, Other]> {
  if (isCalm?.() === false) return [await one(), await other()]
  const [first, second] = await Promise.allSettled([one(), other()])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}
