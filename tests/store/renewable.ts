import type { Context } from '../../app/context.ts'
import type { Provider } from '../../app/providers/provider.ts'
import type { Tokens } from '../../app/oauth/tokens.ts'
import type { Connection } from '../../app/store/connection.ts'
import type { Evotor } from '../simulators/evotor.ts'
import { MARINA, type Vk } from '../simulators/vk.ts'
import { testConfig } from '../support/app.ts'
import type { Engine } from '../support/databases.ts'
import { startEvotor, startVk } from '../support/simulators.ts'
import { addPerson, ago, connect, fromNow, HOUR_MS, openWith } from './context.ts'

/** Where VK ID's and Эвотор's refreshes arrive. */
export const VK_TOKEN_PATH = '/oauth2/auth'
export const EVOTOR_TOKEN_PATH = '/oauth/token'

export interface VkScene {
  ctx: Context
  vk: Vk
  provider: Provider
}

/** EvoSync beside a VK ID whose refresh tokens rotate and are good once. */
export async function openVkId(engine: Engine): Promise<VkScene> {
  const vk = await startVk()
  vk.perSecond = 1000
  const env = { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' }
  const ctx = openWith(await testConfig({ engine, vk, env }))
  return { ctx, vk, provider: ctx.providers.get('vk') }
}

/** A person connected to VK ID whose access ended a minute ago, unless told otherwise. */
export async function connectVkId(
  { ctx, vk }: Pick<VkScene, 'ctx' | 'vk'>,
  { name = 'marina', expiresAt = ago(60_000) } = {},
): Promise<Connection> {
  const { id } = await addPerson(ctx, name)
  return await connect(ctx, id, { tokens: { ...grantOfVkId(vk, name), expiresAt } })
}

/** A pair as VK ID would have given it to this person. */
export function grantOfVkId(vk: Vk, name: string): Tokens {
  const [accessToken, refreshToken] = [`access of ${name}`, `refresh of ${name}`]
  const carried = { device_id: `device of ${name}` }
  const grant = { userId: MARINA.id, scope: ['market'], expiresAt: 0 }
  vk.tokens.set(accessToken, { ...grant, expiresAt: Date.now() + HOUR_MS })
  vk.refreshTokens.set(refreshToken, { ...grant, deviceId: carried.device_id, family: name })
  return { accessToken, refreshToken, expiresAt: fromNow(HOUR_MS), carried }
}

/** EvoSync beside an Эвотор that gives no new refresh token. */
export async function openEvotor(engine: Engine, mood = {}) {
  const evotor: Evotor = await startEvotor()
  evotor.rotates = false
  const ctx = openWith(await testConfig({ engine, evotor }), mood)
  return { ctx, evotor, provider: ctx.providers.get('evotor') }
}

/** The access is good for an hour, and yet due for renewal. */
export async function makeDue({ db }: Context, { id }: Connection) {
  await db('connections')
    .where({ id })
    .update({ refresh_due_at: ago(1), expires_at: fromNow(HOUR_MS) })
}

/** The pause after a failed refresh is over. */
export async function endRest({ db }: Context, { id }: Connection) {
  await db('connections')
    .where({ id })
    .update({ refresh_after: ago(1) })
}

/** Refresh tokens a simulator was shown, in order. */
export const refreshTokensShown = ({ asked }: Vk | Evotor): string[] =>
  asked.flatMap(({ form }) => form.refresh_token ?? [])
