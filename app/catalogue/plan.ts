import { shrinking } from './shrink-guard.ts'
import { cardsOf, type Held, NOTHING_HELD } from './cards.ts'
import { type Decision, decideStep, isGone, type ListedProduct } from './decide-step.ts'
import { digestOf } from './hashes.ts'
import type { Shown } from './items.ts'
import type { Linked } from './linked.ts'
import { renamed, renamesOf } from './renames.ts'
import { showingOf } from './owner/showings.ts'
import type { Settings } from './settings.ts'
import { createGroupIndex, type Places } from './group-index.ts'
import { endingFor } from './sku.ts'
import { type Action, contentIn, type Plan, type Step } from './steps.ts'

/** All there is to know: the till's side, the community's, and what lies between them. */
export interface Situation extends Places {
  /** All that were ever listed and are not forgotten. */
  products: readonly ListedProduct[]
  linked: readonly Linked[]
  /** Every card of the community; one that is linked and missing here was looked for and is gone. */
  shown: readonly Shown[]
  settings: Settings
  /** Album → what we called it last; absent: nobody knows. */
  titles?: ReadonlyMap<string, string>
  /** What other pairs of the community have; absent: there is none. */
  held?: Held
}

/**
 * What makes the cards follow the till. Carried out and asked for again, it is empty of steps but `skip`. Only cards that
 * are linked, or bear the ending of a product of ours, are in it.
 */
export function plan(situation: Situation): Plan {
  const { products, settings } = situation
  const groupIndex = createGroupIndex({
    ...situation,
    albums: renamed(situation.albums, renamesIn(situation)),
  })
  const { held = NOTHING_HELD } = situation
  const isTheirs = (productId: string) => held.endings.has(endingFor(productId))
  const ids = products.map(({ product }) => product.id).filter((id) => !isTheirs(id))
  const linked = situation.linked.filter(({ productId }) => !isTheirs(productId))
  const cards = cardsOf(ids, linked, situation.shown, held)
  const fates = products.map((known) => {
    const { id } = known.product
    const fate = decideStep(known, cards.of.get(id), cards.lost.has(id), groupIndex, settings)
    return { known, fate: isTheirs(id) ? leftTo(fate) : fate }
  })
  const begun = fates.flatMap(({ fate }) => ('step' in fate ? [fate.step] : []))
  const here = fates.filter(({ known }) => !isGone(known))
  const steps = begun.sort(inOrder)
  const shrinks = shrinking(cards.of.values(), steps)
  return {
    steps,
    products: here.length,
    unchanged: here.filter(({ fate }) => 'unchanged' in fate).length,
    links: [...cards.adopted, ...settledLinks(fates.map(({ fate }) => fate))],
    unlink: [
      ...new Set([
        ...cards.lost,
        ...forgotten(fates),
        ...situation.linked.map(({ productId }) => productId).filter(isTheirs),
      ]),
    ],
    holds: [...cards.of.keys(), ...created(steps)].map(endingFor),
    showings: here.map(({ known: { product, overrides }, fate }) =>
      showingOf(product, 'forgotten' in fate ? {} : fate, cards.of.get(product.id), overrides),
    ),
    albums: albumsOf(steps),
    ...(shrinks && { shrinks }),
    digest: digestOf(steps),
  }
}

const renamesIn = ({ titles = new Map(), ...situation }: Situation) =>
  renamesOf({ ...situation, titles })

/** A card of another pair is theirs, whatever is thought of the product here. */
function leftTo(fate: Decision): Decision {
  if (!('step' in fate) || fate.step.action !== 'create') return fate
  const { productId, name, tillPrice } = fate.step
  const price = tillPrice !== undefined && { tillPrice }
  const reason = { code: 'other_pair' }
  return { step: { action: 'skip', productId, name, ...price, fields: [], reason } }
}

const created = (steps: readonly Step[]): string[] =>
  steps.filter(({ action }) => action === 'create').map(({ productId }) => productId)

const settledLinks = (fates: readonly Decision[]): Linked[] =>
  fates.flatMap((fate) => ('unchanged' in fate && fate.link ? [fate.link] : []))

const forgotten = (fates: readonly { known: ListedProduct; fate: Decision }[]): string[] =>
  fates.filter(({ fate }) => 'forgotten' in fate).map(({ known }) => known.product.id)

/** Every album once, in the order in which it is first needed. */
function albumsOf(steps: readonly Step[]): Plan['albums'] {
  const albums = new Map<string, Plan['albums'][number]>()
  for (const step of steps) {
    const album = contentIn(step)?.album
    if (album && 'groupId' in album && step.fields.includes('album'))
      albums.set(album.groupId, album)
  }
  return [...albums.values()]
}

const ORDER: readonly Action[] = ['create', 'update', 'restore', 'hide', 'delete', 'skip']

const names = new Intl.Collator('ru', { numeric: true })

const inOrder = (a: Step, b: Step): number =>
  ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
  names.compare(a.name, b.name) ||
  (a.productId < b.productId ? -1 : 1)
