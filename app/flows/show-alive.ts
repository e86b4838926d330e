import { hostname } from 'node:os'
import type { Context } from '../context.ts'

const LONGEST_NAME = 255

/** Says that this instance lives, and what it does, to all that share the database. */
export async function showAlive({ instance, instances, config, version }: Context): Promise<void> {
  const host = hostname().slice(0, LONGEST_NAME)
  await instances.show({ id: instance, role: config.role, host, version })
}
