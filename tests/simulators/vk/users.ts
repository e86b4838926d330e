import { RIGHTS } from '../vk.ts'
import type { VkCall } from './access.ts'

/** users.get: whose token it is. */
export function usersGet({ users, userId }: VkCall): unknown {
  const user = users.find(({ id }) => id === userId)
  return user ? [{ ...user, can_access_closed: true, is_closed: false }] : []
}

/** account.getAppPermissions: the granted rights as a sum of bits. */
export function getAppPermissions({ scope }: VkCall): unknown {
  return scope.reduce((mask, name) => mask + (RIGHTS[name]?.bit ?? 0), 0)
}
