import type { Context } from '../../../context.ts'
import type { Group } from '../../../catalogue/goods.ts'
import { createNaming } from '../../../catalogue/group-names.ts'
import { YML } from '../../../catalogue/file-capacity.ts'
import { SHOWING_STATES, type ShowingState } from '../../../catalogue/owner/in-window.ts'
import { firstShowings, placesOf } from '../../../flows/catalogue/goods/first-showings.ts'
import type { CountedState, GoodsFilter } from '../../../store/sync-goods.ts'
import type { Link } from '../../../store/sync-links.ts'
import { goods, number } from '../../kit/amounts.ts'
import { pageLinks } from '../../kit/page-links.ts'
import { ownedOf } from '../../../flows/catalogue/goods/owned.ts'
import { goodAddress } from './address.ts'
import { ownWords } from './own-words.ts'
import { addressOf, type Asked, filterOf } from './filter.ts'
import { causesOf } from './causes.ts'
import { readAtOf } from './read-at.ts'
import { atTill, STATE_WORDS, windowName, windowOf } from './state-words.ts'
import { addressOf as photosAddress } from '../good-photos/address.ts'
import { thumbOf } from './thumb.ts'
import type { Till } from './tills.ts'

const PER_PAGE = 30

/** The list of one till's products, as it is asked for. */
export async function listPage(ctx: Context, tills: readonly Till[], till: Till, asked: Asked) {
  const { first, links } = till
  const several = tills.length > 1
  await firstShowings(ctx, links)
  const ids = links.map(({ id }) => id)
  const { groups } = await ctx.syncItems.groups(first.id)
  const filter = filterOf(asked, groups)
  const [states, readAt] = await Promise.all([
    ctx.syncGoods.states(ids, filter),
    readAtOf(ctx, links),
  ])
  const count = await countOf(ctx, ids, filter, states)
  const to = (part: Partial<Asked>) => addressOf({ ...asked, page: 1, ...part }, several)
  return {
    asked,
    several,
    till: first,
    tills: tills.map(({ first: one }) => ({
      name: one.storeName,
      href: `/goods?till=${one.id}`,
      current: one.id === first.id,
    })),
    windows: links.map((link) => windowName(ctx, link)),
    filters: await stateFilters(ctx, ids, { states, asked, filter, to }),
    causes: causesOf(ctx, till, states, asked, several),
    groups: groupChoices(groups),
    lines: await linesOf(ctx, till, groups, { asked, filter, several }),
    count: number(count),
    narrowed: asked.q !== '' || asked.group !== '' || asked.state !== '' || asked.code !== '',
    pages: pageLinks(asked.page, Math.ceil(count / PER_PAGE), (page) => to({ page })),
    all: several ? `/goods?till=${first.id}` : '/goods',
    readAt,
    act: await lastAct(ctx, first),
  }
}

/** What many at once have last been made, as long as it can be taken back. */
async function lastAct(ctx: Context, till: Link) {
  const act = await ctx.syncOverrides.lastAct(till)
  return (
    act && {
      at: act.at,
      title: `${act.aside ? 'Не переносим' : 'Снова переносим'}: ${goods(act.count)}`,
    }
  )
}

/** Set aside by the owner, whether or not the card has gone by now. */
const ASIDE = 'set_aside'

/** With one window the states say it; a product that stands in several is one all the same. */
async function countOf(
  ctx: Context,
  ids: readonly number[],
  filter: GoodsFilter,
  states: readonly CountedState[],
): Promise<number> {
  if (ids.length > 1) return await ctx.syncGoods.count(ids, filter)
  const { state, code } = filter
  return states
    .filter((one) => (!state || one.state === state) && (!code || one.code === code))
    .reduce((sum, { count }) => sum + count, 0)
}

/** Groups of the form, as the till names them. */
const groupChoices = (groups: readonly Group[]) =>
  groups
    .filter(({ attributes }) => attributes.length === 0)
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => BY_NAME.compare(a.name, b.name))

const BY_NAME = new Intl.Collator('ru', { numeric: true })

interface Counting {
  states: readonly CountedState[]
  asked: Asked
  filter: ReturnType<typeof filterOf>
  to: (part: Partial<Asked>) => string
}

/** What a person wants to see of the list, with how many there are. */
async function stateFilters(
  ctx: Context,
  ids: readonly number[],
  { states, asked, filter, to }: Counting,
) {
  const { words, groups } = filter
  const all = await countOf(ctx, ids, { words, groups }, states)
  const of = (state: ShowingState) =>
    states.filter((one) => one.state === state).reduce((sum, { count }) => sum + count, 0)
  const one = (state: ShowingState | '', label: string, count: number) => ({
    label,
    count: number(count),
    href: to({ state, code: '' }),
    current: asked.state === state && asked.code !== ASIDE,
  })
  const aside = states
    .filter(({ code }) => code === ASIDE)
    .reduce((sum, { count }) => sum + count, 0)
  return [
    one('', 'Все', all),
    ...SHOWING_STATES.filter((state) => of(state) > 0 || asked.state === state).map((state) =>
      one(state, STATE_WORDS[state], of(state)),
    ),
    ...(aside > 0 || asked.code === ASIDE
      ? [
          {
            ...one('', 'Отложены вами', aside),
            href: to({ state: '', code: ASIDE }),
            current: asked.code === ASIDE,
          },
        ]
      : []),
  ]
}

async function linesOf(
  ctx: Context,
  { first, links }: Till,
  groups: readonly Group[],
  { asked, filter, several }: Pick<Counting, 'asked' | 'filter'> & { several: boolean },
) {
  const linkIds = links.map(({ id }) => id)
  const { order, page } = asked
  const ids = await ctx.syncGoods.page(linkIds, filter, { order, page, size: PER_PAGE })
  const showings = await ctx.syncGoods.of(linkIds, ids)
  const known = new Map(
    await Promise.all(links.map(async ({ id }) => [id, await ctx.syncItems.of(id, ids)] as const)),
  )
  const places = await placesOf(ctx, first)
  const owned = await ownedOf(ctx, first, ids)
  const nameOf = createNaming(groups, YML)
  return ids.flatMap((id) => {
    const owner = links.find((link) => known.get(link.id)?.has(id))
    const product = owner && known.get(owner.id)?.get(id)?.product
    if (!product) return []
    const windows = links.map((link) =>
      windowOf(
        ctx,
        link,
        showings.get(link.id)?.get(id),
        known.get(link.id)?.get(id)?.linked?.itemId,
      ),
    )
    return [
      {
        id,
        photos: photosAddress(owner, id),
        href: goodAddress(id, several ? first.id : undefined),
        name: owned(id).overrides?.title ?? product.name,
        own: ownWords(owned(id).overrides),
        group: nameOf(product.groupId)?.name,
        thumb: thumbOf(product, owner, places, owned(id).photos?.[0]),
        till: atTill(product),
        windows,
      },
    ]
  })
}
