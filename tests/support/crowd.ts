import type { Context } from '../../app/context.ts'
import type { User } from '../../app/store/users.ts'
import { MARINA, type Vk } from '../simulators/vk.ts'

/** Connections by the store, each of a user of its own; VK knows all their tokens. */
export async function connectMany({ ctx }: { ctx: Context }, vk: Vk, count: number) {
  for (let index = 0; index < count; index += 1) {
    const email = `owner${index}@example.ru`
    const user = await ctx.users.add({ email, name: 'Владелец', passwordHash: null })
    const accessToken = `token-${index}`
    vk.tokens.set(accessToken, { userId: MARINA.id, scope: ['market'], expiresAt: 0 })
    await ctx.connections.save({
      userId: user?.id ?? 0,
      provider: 'vk',
      account: { id: String(MARINA.id), profile: {} },
      tokens: { accessToken, carried: {} },
    })
  }
}

/** All who have registered, whoever came first in front; pages never ask for all. */
export async function everybody({ db, users }: Pick<Context, 'db' | 'users'>): Promise<User[]> {
  const ids = await db('users').orderBy('id').pluck<number[]>('id')
  const known = await users.named(ids)
  return ids.flatMap((id) => known.get(id) ?? [])
}
