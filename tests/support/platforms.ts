import type { Environment } from '../../app/config.ts'
import type { Fault, Simulator } from '../simulators/simulator.ts'
import type { Options } from './app.ts'
import { startEvotor, startVk } from './simulators.ts'

/** A platform as the endings of a connection see it: the same story for each. */
export interface Stage {
  key: string
  title: string
  /** Whose account the first and the second one on the consent page is. */
  first: string
  second: { id: string | number; name: string }
  simulator: Simulator
  /** Where codes become tokens, and where "who is this" is asked. */
  tokenPath: string
  probePath: string
  options: Pick<Options, 'vk' | 'evotor' | 'env'>
  /** Variables without the application's keys. */
  withoutKeys: Environment
  /** The person takes the grant back at the platform. */
  revoke(): void
  /** What the platform says to a dead access token. */
  deadAnswer: Fault
}

export interface Platform {
  name: string
  stage(): Promise<Stage>
}

export const VK: Platform = { name: 'ВКонтакте', stage: () => vkStage('classic') }
export const VK_ID: Platform = { name: 'VK ID', stage: () => vkStage('vkid') }
export const EVOTOR: Platform = { name: 'Эвотор', stage: evotorStage }

/** Every way a person can be connected. */
export const PLATFORMS: readonly Platform[] = [VK, VK_ID, EVOTOR]

async function vkStage(mode: 'classic' | 'vkid'): Promise<Stage> {
  const vk = await startVk()
  vk.perSecond = 1000
  const [marina, oleg] = vk.users
  return {
    key: 'vk',
    title: 'ВКонтакте',
    first: 'Марина Ковалёва',
    second: { id: oleg?.id ?? 0, name: 'Олег Лавкин' },
    simulator: vk,
    tokenPath: mode === 'classic' ? '/access_token' : '/oauth2/auth',
    probePath: '/method/users.get',
    options: { vk, env: mode === 'vkid' ? { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' } : {} },
    withoutKeys: { VK_CLIENT_ID: '', VK_CLIENT_SECRET: '' },
    revoke: () => {
      vk.revoke(marina?.id ?? 0)
    },
    deadAnswer: {
      body: '{"error":{"error_code":5,"error_msg":"User authorization failed","request_params":[]}}',
    },
  }
}

async function evotorStage(): Promise<Stage> {
  const evotor = await startEvotor()
  const [flowers, bakery] = evotor.users
  return {
    key: 'evotor',
    title: 'Эвотор',
    first: 'Цветы у дома, 2 магазина',
    second: { id: bakery?.id ?? '', name: 'Булочная' },
    simulator: evotor,
    tokenPath: '/oauth/token',
    probePath: '/stores',
    options: { evotor },
    withoutKeys: { EVOTOR_CLIENT_ID: '', EVOTOR_CLIENT_SECRET: '' },
    revoke: () => {
      evotor.revoke(flowers?.id ?? '')
    },
    deadAnswer: { status: 401, body: '' },
  }
}
