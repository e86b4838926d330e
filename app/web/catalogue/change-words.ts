import { type Item, type Reason, UNLIMITED } from '../../catalogue/items.ts'
import type { ChangeStep, CreateStep, Field, Step } from '../../catalogue/steps.ts'
import { plural } from '../../texts/plural.ts'

/** What else the words need: the owner's template, and the names of albums that are there already. */
export interface Surroundings {
  template: string
  albums: ReadonlyMap<string, string>
}

/** In the order in which they are named; the stock stands last, because its figures follow it. */
const NAMES: Partial<Record<Field, string>> = {
  title: 'название',
  description: 'описание',
  price: 'цена',
  oldPrice: 'старая цена',
  sku: 'артикул',
  photo: 'фото',
  stock: 'остаток',
}

/** What becomes of a card, all of it, in sentences: `Изменятся цена и остаток: было 40, станет 32.` */
export function changesOf(step: Step, around: Surroundings): string {
  return sentencesOf(step, around).filter(Boolean).join(' ')
}

function sentencesOf(step: Step, around: Surroundings): (string | false | undefined)[] {
  switch (step.action) {
    case 'create':
      return made(step, around)
    case 'update':
      return [step.reason && farewell(step.reason), ...changed(step, around)]
    case 'restore':
      return ['Снова появится на витрине.', ...changed(step, around)]
    case 'hide':
      return [farewell(step.reason), 'Карточку скроем, её можно вернуть.']
    case 'delete':
      return [farewell(step.reason), 'Карточку удалим, вернуть её не получится.']
    case 'skip':
      return []
  }
}

const made = ({ item, reason }: CreateStep, around: Surroundings) => [
  reason?.code === 'item_gone' && 'Карточки больше нет, создадим её заново.',
  albumOf(item, 'Появится в подборке', around) ?? 'Появится в сообществе.',
  item.hidden && 'Пока товара нет в наличии, карточка будет скрыта.',
  isFromTemplate(item, around) && 'Описание возьмём из шаблона.',
]

const changed = (step: ChangeStep, around: Surroundings) => [
  fieldsOf(step),
  oldTitle(step),
  moved(step, around),
]

export const farewell = (reason: Reason | undefined) => FAREWELLS[reason?.code ?? ''] ?? GONE

const GONE = 'На кассе товара больше нет.'

/** Why a card takes its leave, where the product is still there. */
const FAREWELLS: Record<string, string> = {
  out_of_stock: 'Товар закончился на кассе.',
  price_missing: 'На кассе нет цены.',
  price_by_rule: 'Правило цены ничего не оставляет от цены на кассе.',
  not_sold: 'На кассе товар снят с продажи.',
  set_aside: 'Вы решили не переносить этот товар.',
  group_skipped: 'В настройках выбрано не переносить эту группу.',
  restricted: 'Такие товары по правилам площадки не переносим.',
}

function fieldsOf({ fields, before, item }: ChangeStep): string | undefined {
  const names = (Object.keys(NAMES) as Field[]).filter((field) => fields.includes(field))
  if (names.length === 0) return undefined
  const verb = plural(names.length, 'Изменится', 'Изменятся', 'Изменятся')
  const figures = fields.includes('stock') ? `: ${stockOf(before?.stock, item.stock)}` : ''
  return `${verb} ${listed(names.map((field) => NAMES[field] ?? ''))}${figures}.`
}

function stockOf(before: number | undefined, after: number | undefined): string {
  const now = `станет ${pieces(after)}`
  return before === undefined ? now : `было ${pieces(before)}, ${now}`
}

export const pieces = (stock: number | undefined) =>
  stock === undefined || stock === UNLIMITED ? 'без ограничений' : String(stock)

const oldTitle = ({ fields, before }: ChangeStep) =>
  fields.includes('title') &&
  before?.title !== undefined &&
  `Сейчас карточка называется «${before.title}».`

function moved({ fields, item, leaveAlbum }: ChangeStep, around: Surroundings) {
  if (!fields.includes('album') && leaveAlbum === undefined) return undefined
  const words = leaveAlbum === undefined ? 'Появится в подборке' : 'Перейдёт в подборку'
  return albumOf(item, words, around) ?? 'Уберём из подборки.'
}

function albumOf({ album }: Item, words: string, { albums }: Surroundings) {
  if (!album) return undefined
  const title = 'title' in album ? album.title : albums.get(album.id)
  return title ? `${words} «${title}».` : `${words} из настроек.`
}

/** The template's own words stand in the description one after the other. */
function isFromTemplate(item: Item, { template }: Surroundings): boolean {
  const words = template
    .split(/\{[^{}]*\}/)
    .map(folded)
    .filter((piece) => piece.length > 3)
  if (words.length === 0) return false
  const text = folded(item.description)
  let from = 0
  return words.every((piece) => {
    const at = text.indexOf(piece, from)
    from = at + piece.length
    return at >= 0
  })
}

/** Signs between placeholders are put in order when a template is filled in. */
const folded = (text: string) => text.replace(/[^\p{L}]+/gu, ' ').trim()

export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} и ${last}`
}
