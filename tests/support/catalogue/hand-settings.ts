import { markOfHand, overrideGood } from '../../../app/flows/catalogue/goods/override-good.ts'
import { setAside, undoAside } from '../../../app/flows/catalogue/goods/set-aside.ts'
import type { Overrides } from '../../../app/catalogue/owner/overrides.ts'
import type { Dice } from '../dice.ts'
import type { SmallWorld } from './small-world.ts'

/** What the owner has set by hand, as the owner remembers it: by the product. */
export class Remembered {
  readonly of = new Map<string, Overrides>()
  /** Before the last change of many, of those it changed. */
  #before: ReadonlyMap<string, boolean> = new Map()

  get(id: string): Overrides {
    return this.of.get(id) ?? {}
  }

  set(id: string, wanted: Overrides) {
    this.of.set(id, wanted)
    this.#before = new Map([...this.#before].filter(([one]) => one !== id))
  }

  setAside(ids: readonly string[], aside: boolean) {
    const changed = ids.filter((id) => (this.get(id).aside ?? false) !== aside)
    if (changed.length === 0) return
    this.#before = new Map(changed.map((id) => [id, !aside]))
    for (const id of changed) this.#turn(id, aside)
  }

  undo() {
    for (const [id, aside] of this.#before) this.#turn(id, aside)
    this.#before = new Map()
  }

  #turn(id: string, aside: boolean) {
    const rest = { ...this.get(id) }
    delete rest.aside
    this.of.set(id, { ...rest, ...(aside && { aside }) })
  }
}

/** The owner sets something by hand, of one product or of many. In words what it is. */
export async function setByHand(
  world: SmallWorld,
  dice: Dice,
  remembered: Remembered,
): Promise<string> {
  const ids = [...world.till.products.keys()]
  const id = dice.of(ids)
  if (id === undefined) return 'nothing'
  const said = dice.percent(25)
    ? await many(world, dice, remembered, ids)
    : await one(world, dice, remembered, id)
  world.link = (await world.ctx.syncLinks.get(world.link.id)) ?? world.link
  return `by hand: ${said}`
}

async function one({ ctx, link }: SmallWorld, dice: Dice, remembered: Remembered, id: string) {
  const now = remembered.get(id)
  const part = dice.of(PARTS) ?? 'title'
  const others = Object.entries(now).filter(([name]) => name !== part)
  const rest = Object.fromEntries(others) as Overrides
  const wanted = dice.percent(30) ? rest : { ...rest, ...VALUES[part](dice) }
  const kept = await overrideGood(ctx, link, id, { seen: markOfHand(now), wanted })
  if (!kept) throw new Error(`a setting of ${id} was lost`)
  if (markOfHand(now) !== markOfHand(wanted)) remembered.set(id, wanted)
  return `${id} ${JSON.stringify(wanted)}`
}

const VALUES = {
  title: (dice: Dice) => ({ title: `Своё имя ${dice.below(50)}${dice.percent(10) ? ' да'.repeat(60) : ''}` }), // prettier-ignore
  description: (dice: Dice) => ({ description: `Своё описание номер ${dice.below(50)}` }),
  oldPrice: (dice: Dice) => ({ oldPrice: 1 + dice.below(200_000) }),
  aside: () => ({ aside: true as const }),
}
const PARTS = Object.keys(VALUES) as (keyof typeof VALUES)[]

async function many(
  { ctx, link }: SmallWorld,
  dice: Dice,
  remembered: Remembered,
  ids: readonly string[],
) {
  const act = await ctx.syncOverrides.lastAct(link)
  if (act && dice.percent(40)) {
    await undoAside(ctx, link, act.at)
    remembered.undo()
    return 'undone'
  }
  const some = ids.filter(() => dice.percent(50))
  const aside = dice.percent(60)
  await setAside(ctx, link, some, aside)
  remembered.setAside(some, aside)
  return `${aside ? 'aside' : 'back'} ${some.join()}`
}
