import type { Dice } from '../dice.ts'
import type { SmallWorld } from './small-world.ts'

const METHODS = [
  'market.add',
  'market.edit',
  'market.delete',
  'market.get',
  'market.getAlbums',
  'execute',
  'market.getProductPhotoUploadServer',
  'market.saveProductPhotoBulk',
  'market.addAlbum',
  'market.addToAlbum',
  'market.removeFromAlbum',
]
const CODES = [1, 6, 9, 10, 13, 14, 15, 17, 29, 36, 36, 36, 100, 1403, 1438]

/** Something goes wrong at VK or at the till, for a while or until {@link mend}. In words what it is. */
export function breakSomething(world: SmallWorld, dice: Dice): string {
  const aim = {
    method: dice.of(METHODS) ?? '',
    code: dice.of(CODES) ?? 10,
    times: 1 + dice.below(6),
    after: dice.below(4),
  }
  const way = dice.percent(40) ? 'refusal' : (dice.of(WAYS) ?? 'refusal')
  MISFORTUNES[way](world, aim)
  return `${way} ${JSON.stringify(aim)}`
}

interface Aim {
  method: string
  code: number
  times: number
  after: number
}

const MISFORTUNES = {
  refusal: ({ scene: { vk } }: SmallWorld, { method, code, times, after }: Aim) => {
    vk.refuse(method, { code }, { times, after, worked: code === 36 })
  },
  drops: ({ scene: { vk } }: SmallWorld, { method, times }: Aim) => {
    vk.dropAfter(method, times)
  },
  outage: ({ scene: { vk } }: SmallWorld, { method, times }: Aim) => {
    vk.fault(`/method/${method}`, { status: 502, times })
  },
  reset: ({ scene: { vk } }: SmallWorld, { method, times }: Aim) => {
    vk.fault(`/method/${method}`, { way: 'reset', times })
  },
  uploads: ({ scene: { vk } }: SmallWorld, { times }: Aim) => {
    vk.fault('/upload', { way: 'lost', times })
  },
  till: ({ scene: { evotor } }: SmallWorld, { times }: Aim) => {
    evotor.fault('*', { status: 500, times })
  },
  tillBreaksOff: ({ scene: { evotor } }: SmallWorld) => {
    evotor.pageSize = 2
    evotor.failAfterPages = 1
  },
  tillInCircles: ({ scene: { evotor } }: SmallWorld) => {
    evotor.pageSize = 2
    evotor.repeatCursor = true
  },
  noBatches: ({ scene: { vk } }: SmallWorld) => {
    vk.rules.executeRefusesWrites = true
  },
  marketOff: ({ community }: SmallWorld) => {
    community.market = false
  },
}
const WAYS = Object.keys(MISFORTUNES) as (keyof typeof MISFORTUNES)[]

/** All is well again. */
export function mend({ scene: { vk, evotor }, community }: SmallWorld) {
  vk.calm()
  vk.mend()
  vk.rules.executeRefusesWrites = false
  community.market = true
  evotor.mend()
  evotor.failAfterPages = Infinity
  evotor.repeatCursor = false
  evotor.pageSize = 1000
}
