import { shrinking } from './brake.ts'
import { cardsOf } from './cards.ts'
import { type Fate, fateOf, isGone, type Known } from './fate.ts'
import { digestOf } from './hashes.ts'
import type { Linked, Shown } from './items.ts'
import type { Settings } from './settings.ts'
import { createShelf, type Places } from './shelf.ts'
import type { Action, Plan, Step } from './steps.ts'

/** All there is to know: the till's side, the community's, and what lies between them. */
export interface Situation extends Places {
  /** All that were ever listed and are not forgotten. */
  products: readonly Known[]
  linked: readonly Linked[]
  /** Every card of the community; one that is linked and missing here was looked for and is gone. */
  shown: readonly Shown[]
  settings: Settings
}

/**
 * What makes the cards follow the till. Carried out and asked for again, it is empty of steps but `skip`. Only cards that
 * are linked, or bear the ending of a product of ours, are in it.
 */
export function plan(situation: Situation): Plan {
  const { products, settings } = situation
  const shelf = createShelf(situation)
  const ids = products.map(({ product }) => product.id)
  const cards = cardsOf(ids, situation.linked, situation.shown)
  const fates = products.map((known) => {
    const { id } = known.product
    return { known, fate: fateOf(known, cards.of.get(id), cards.lost.has(id), shelf, settings) }
  })
  const here = fates.filter(({ known }) => !isGone(known))
  const steps = fates.flatMap(({ fate }) => ('step' in fate ? [fate.step] : [])).sort(inOrder)
  const shrinks = shrinking(cards.of.values(), steps)
  return {
    steps,
    products: here.length,
    unchanged: here.filter(({ fate }) => 'unchanged' in fate).length,
    links: [...cards.adopted, ...settledLinks(fates.map(({ fate }) => fate))],
    unlink: [...new Set([...cards.lost, ...forgotten(fates)])],
    albums: albumsOf(steps),
    ...(shrinks && { shrinks }),
    digest: digestOf(steps),
  }
}

const settledLinks = (fates: readonly Fate[]): Linked[] =>
  fates.flatMap((fate) => ('unchanged' in fate && fate.link ? [fate.link] : []))

const forgotten = (fates: readonly { known: Known; fate: Fate }[]): string[] =>
  fates.filter(({ fate }) => 'forgotten' in fate).map(({ known }) => known.product.id)

/** Every album once, in the order in which it is first needed. */
function albumsOf(steps: readonly Step[]): Plan['albums'] {
  const albums = new Map<string, Plan['albums'][number]>()
  for (const { fields, item } of steps) {
    const album = item?.album
    if (album && 'groupId' in album && fields.includes('album')) albums.set(album.groupId, album)
  }
  return [...albums.values()]
}

const ORDER: readonly Action[] = ['create', 'update', 'restore', 'hide', 'delete', 'skip']

const names = new Intl.Collator('ru', { numeric: true })

const inOrder = (a: Step, b: Step): number =>
  ORDER.indexOf(a.action) - ORDER.indexOf(b.action) ||
  names.compare(a.name, b.name) ||
  (a.productId < b.productId ? -1 : 1)
