import { onTestFinished } from 'vitest'
import { platforms } from '../../app/providers/index.ts'
import { stagingsOf } from '../simulators/all.ts'
import { stagings as evotorStagings } from '../simulators/evotor.ts'
import type { Stage, Staging } from '../simulators/stage.ts'
import { stagings as vkStagings } from '../simulators/vk.ts'

export type { Stage }

/** A way to be connected, for tests: what it opens is closed with the test. */
export interface Platform {
  name: string
  stage(): Promise<Stage>
}

const [classic, vkId] = vkStagings.map(closing)
const [till] = evotorStagings.map(closing)
if (!classic || !vkId || !till) throw new Error('a staging is missing')

export const VK: Platform = classic
export const VK_ID: Platform = vkId
export const EVOTOR: Platform = till

/** The ways the lead plan is made of: every ending of a connection is tried on each of them. */
export const PLATFORMS: readonly Platform[] = [VK, VK_ID, EVOTOR]

/** Every way to be connected to any platform of the list. */
export async function allPlatforms(): Promise<Platform[]> {
  const stagings = await stagingsOf(platforms.map(({ key }) => key))
  return stagings.flat().map(closing)
}

/** What it opens is closed with the test. */
export function closing({ name, open }: Staging): Platform {
  return {
    name,
    async stage() {
      const stage = await open()
      onTestFinished(() => stage.simulator.stop())
      return stage
    },
  }
}
