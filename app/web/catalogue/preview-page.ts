import type { Context } from '../../context.ts'
import type { KnownGroups } from '../../store/sync-items.ts'
import type { Link } from '../../store/sync-links.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import type { StepFilter } from '../../store/sync-steps.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { plural } from '../../texts/plural.ts'
import { renamesOf } from '../../catalogue/renames.ts'
import { number } from '../kit/amounts.ts'
import type { Surroundings } from './change-words.ts'
import { drawnOffer } from './drawn.ts'
import { takes } from './estimate.ts'
import { pageLinks } from '../kit/page-links.ts'
import { looksIn } from './step-looks.ts'
import { lineAhead } from './step-words.ts'
import { pairOf, platformsOf } from './pair.ts'
import { wordsOf } from './words.ts'
import { addressOf, type DraftCounts, countsOf, filtersOf, goneOf } from './preview-counts.ts'

/** Which part of a draft is looked at. */
export interface DraftPart {
  show: StepFilter
  page: number
}

const PER_PAGE = 50
const RENAMES_SHOWN = 20
/** A platform's limit where it names none. */
const PER_SECOND = 3

/** What the page of a draft says. */
export async function previewPage(ctx: Context, link: Link, draft: Run, { show, page }: DraftPart) {
  const counts = countsOf(await ctx.syncSteps.actions(draft.id))
  const [steps, groups, causes] = await Promise.all([
    ctx.syncSteps.page(draft.id, { ...(show && { filter: show }), page, size: PER_PAGE }),
    ctx.syncItems.groups(link.id),
    ctx.syncReport.causes(draft.id),
  ])
  const around = surroundings(groups, link)
  const { target: shop } = platformsOf(ctx, link)
  const { capacity } = shop.target
  const looks = looksIn(ctx, link)
  const renames = renamesOf({ ...groups, settings: link.settings, capacity })
  const pages = Math.ceil(counts.of(show) / PER_PAGE)
  return {
    pair: pairOf(ctx, link),
    link,
    draft,
    draw: await drawnOffer(ctx, link, draft.id, causes),
    filters: filtersOf(counts, show, link),
    lines: steps.map((step) => ({ ...lineAhead(step, link.id, around, shop), ...looks(step) })),
    pages: pageLinks(page, pages, (to) => addressOf(link, show, to)),
    gone: goneWords(link, goneOf(draft, counts)),
    receipt: receiptOf(link, draft, counts, shop),
    takes: takes(counts.ahead, shop.perSecond ?? PER_SECOND),
    toDo: draft.total + renames.length > 0,
    renames: renames.slice(0, RENAMES_SHOWN),
    moreRenames: Math.max(0, renames.length - RENAMES_SHOWN),
    ask:
      draft.reason === 'catalog_shrunk'
        ? wordsOf(draft.reason, shop, draft.reasonValues)
        : undefined,
  }
}

function goneWords({ settings }: Link, count: number): string | undefined {
  if (count === 0) return undefined
  const goods = `${number(count)} ${plural(count, 'товара', 'товаров', 'товаров')}`
  return `${goods} нет на кассе, ${LEAVE[settings.gone]}.`
}

const LEAVE = { hide: 'скроем', keep: 'оставим на витрине без наличия', delete: 'удалим' } as const

/** The first rows add up to what is on the till; what leaves the window while it is still there has a row of its own. */
function receiptOf({ settings }: Link, draft: Run, counts: DraftCounts, shop: PlatformName) {
  const { products, unchanged } = draft
  const kept = settings.gone === 'keep' ? goneOf(draft, counts) : 0
  const updated = counts.update - kept
  const rest = products - counts.new - updated - unchanged - counts.skip
  const row = (label: string, count: number) => ({ label, count: number(count) })
  return {
    rows: [
      row('Новых товаров', counts.new),
      row('Изменятся', updated),
      row('Без изменений', unchanged),
      ...(rest > 0 ? [row('Уберём с витрины', rest)] : []),
      row('Не перенесём', counts.skip),
    ],
    total: row('Товаров на кассе', products),
    apart: [
      row(named('Скроем {inP}', shop), counts.hides),
      ...(kept > 0 ? [row('Оставим без наличия', kept)] : []),
      ...(counts.removes > 0 ? [row(named('Удалим {inP}', shop), counts.removes)] : []),
    ],
  }
}

/** Albums are known by the groups they were made for. */
export function surroundings({ groups, albumOf }: KnownGroups, { settings }: Link): Surroundings {
  const albums = groups.flatMap(({ id: group, name }): [string, string][] => {
    const album = albumOf.get(group)
    return album === undefined ? [] : [[album, name]]
  })
  return { template: settings.template, albums: new Map(albums) }
}
