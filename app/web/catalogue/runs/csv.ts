import type { Context } from '../../../context.ts'
import { cardAddresses } from '../../../flows/catalogue/card-address.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { type Cell, csv } from '../../../catalogue/csv.ts'
import { contentIn, type Step } from '../../../catalogue/steps.ts'
import { platformsOf } from '../pair.ts'
import { wordsOf } from '../words.ts'

const TITLES = ['Товар', 'Действие', 'Итог', 'Причина', 'Что сделать', 'Цена']

const ACTIONS: Record<Step['action'], string> = {
  create: 'Добавить',
  update: 'Изменить',
  restore: 'Вернуть на витрину',
  hide: 'Скрыть',
  delete: 'Удалить',
  skip: 'Не переносить',
}

const ENDS: Record<KeptStep['state'], string> = {
  pending: 'Не успели',
  sending: 'Не успели',
  done: 'Готово',
  failed: 'Ошибка',
  skipped: 'Не перенесли',
}

/** All products of a run as a table for a spreadsheet, piece by piece. */
export const runCsv = (ctx: Context, link: Link, run: Run): AsyncGenerator<string> =>
  csv(titlesOf(ctx, link), rowsOf(ctx, link, run))

const titlesOf = (ctx: Context, link: Link) => [
  ...TITLES,
  named('Карточка {shortP}', platformsOf(ctx, link).target),
]

async function* rowsOf(ctx: Context, link: Link, { id }: Run): AsyncGenerator<Cell[]> {
  const cardAt = cardAddresses(ctx, link)
  const shop = platformsOf(ctx, link).target
  for await (const steps of ctx.syncSteps.all(id))
    for (const kept of steps) yield rowOf(kept, cardAt, shop)
}

function rowOf(
  { step, state, reason, itemId }: KeptStep,
  cardAt: ReturnType<typeof cardAddresses>,
  shop: PlatformName,
): Cell[] {
  const words = reason && wordsOf(reason.code, shop, reason.values)
  const price = contentIn(step)?.price ?? step.tillPrice
  return [
    step.name,
    ACTIONS[step.action],
    ENDS[state],
    words && `${words.title}. ${words.why}`.trim(),
    words?.what,
    price === undefined ? undefined : price / 100,
    itemId === undefined ? undefined : cardAt(itemId),
  ]
}
