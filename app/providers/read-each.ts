import type { Caller } from './catalogue.ts'
import type { Api } from './api.ts'

/** Elements of a list, one by one: what cannot be read is its own loss, with a line in the log that names the list. */
export function readEach<T>(
  { unreadable }: Pick<Api, 'unreadable'>,
  list: string,
  items: readonly unknown[],
  read: (item: unknown) => T | undefined,
): T[] {
  const things = items.map(read).filter((thing) => thing !== undefined)
  const lost = items.length - things.length
  if (lost > 0) unreadable?.(list, lost)
  return things
}

/** The same of a list whose call is over. */
export async function readEachOf<T>(
  call: Caller,
  list: string,
  items: readonly unknown[],
  read: (item: unknown) => T | undefined,
): Promise<T[]> {
  let lost = 0
  const things = readEach({ unreadable: (_list, count) => (lost = count) }, list, items, read)
  if (lost > 0) await call((api) => Promise.resolve(api.unreadable?.(list, lost)))
  return things
}
