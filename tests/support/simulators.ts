import { onTestFinished } from 'vitest'
import * as evotor from '../simulators/evotor.ts'
import * as vk from '../simulators/vk.ts'

/** A ВКонтакте for one test. */
export async function startVk(): Promise<vk.Vk> {
  const simulator = await vk.startVk()
  onTestFinished(() => simulator.stop())
  return simulator
}

/** An Эвотор for one test. */
export async function startEvotor(): Promise<evotor.Evotor> {
  const simulator = await evotor.startEvotor()
  onTestFinished(() => simulator.stop())
  return simulator
}
