import { fillNamed } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { counted } from '../../texts/plural.ts'

/** Where a person mends what does not go. */
export interface Remedy {
  href: string
  label: string
}

/** How a cause is told where many products share it, and what is said of each; with gaps for the name of the shop's platform. */
interface Words {
  /** Of one product, before anything is sent. */
  before?: string
  /** Of all of them, after. */
  advice?: string
  /** Of each of them, after. */
  each?: (values: Said) => string
  fix?: Remedy
}

type Said = Readonly<Record<string, string>>

const settings = (anchor: string, label: string): Remedy => ({
  href: `/sync/settings${anchor && `#${anchor}`}`,
  label,
})
const help = (anchor: string, label: string): Remedy => ({ href: `/help#${anchor}`, label })

const SHORT_NAME = help('name', 'Как переименовать товар на кассе')
const OTHER_PHOTO = settings('photo', 'Заменить фото')
const GROUPS = settings('', 'Настройки групп')
const MARKET = help('market', 'Что проверить в сообществе')

/** Causes that have more to say than their text; the others say their text. */
const WORDS: Readonly<Record<string, Words>> = {
  name_too_short: {
    before: 'Название короче {titleLeast} — {p} такое не {принимает|принимают}.',
    advice: 'Переименуйте товар на кассе, например «Мак садовый», и обновите каталог.',
    each: ({ n }) => (n ? `Сейчас ${counted(Number(n), 'символ', 'символа', 'символов')}.` : ''),
    fix: SHORT_NAME,
  },
  name_too_long: { fix: settings('', 'Включить сокращение названий') },
  description_too_short: { fix: settings('description_tpl', 'Задать шаблон описания') },
  price_missing: { fix: help('price', 'Как указать цену на кассе') },
  price_by_rule: { fix: settings('', 'Правило цены') },
  price_too_high: { fix: help('price', 'Как изменить цену на кассе') },
  no_photo: {
    before: 'Нет фото: ни с кассы, ни для группы, ни по умолчанию.',
    advice:
      'Добавьте фото, включите в настройках рисованные карточки или загрузите фото по умолчанию: оно подставится всем товарам без фото.',
    each: () => 'Подходящего фото нет.',
    fix: { href: '/photos', label: 'Добавить фото' },
  },
  photo_too_small: {
    advice: 'Замените фото: {p} {принимает|принимают} от {photoLeast}.',
    each: ({ w, h }) => (w && h ? `Сейчас ${w} × ${h} пикселей.` : 'Фото слишком маленькое.'),
    fix: OTHER_PHOTO,
  },
  photo_unreadable: { fix: OTHER_PHOTO },
  photo_refused: { fix: help('photo', 'Какие фото подходят') },
  bad_links: {
    advice: 'Уберите ссылку из описания: {p} {пропускает|пропускают} не все внешние адреса.',
    each: ({ link }) =>
      link ? 'Ссылка {link}' : 'В описании есть ссылка, которую {p} {запрещает|запрещают}.',
    fix: help('links', 'Какие ссылки можно оставить'),
  },
  album_full: { fix: GROUPS },
  album_gone: { fix: GROUPS },
  too_many_albums: { fix: GROUPS },
  category_missing: { fix: settings('category_id', 'Выбрать категорию') },
  item_forbidden: { fix: MARKET },
  sku_refused: { fix: help('article', 'Что делать с артикулом') },
  album_refused: { fix: GROUPS },
  album_forbidden: { fix: GROUPS },
  price_refused: { fix: settings('', 'Правило цены') },
  set_aside: { fix: { href: '/goods?code=set_aside', label: 'Вернуть в списке товаров' } },
  group_skipped: { fix: settings('', 'Переносить эту группу') },
  restricted: { fix: settings('', 'Настройка таких товаров') },
  not_sold: { fix: help('sold', 'Как вернуть товар в продажу на кассе') },
  out_of_stock: { fix: settings('', 'Что делать, если товар закончился') },
}

/** All but the way out, with the platform's name in it; what is undefined, the text says well enough. */
export function remedyOf(code: string, shop: PlatformName) {
  const { before, advice, each } = WORDS[code] ?? {}
  return {
    before: before && fillNamed(before, shop),
    advice: advice && fillNamed(advice, shop),
    each: each && ((values: Said) => fillNamed(each(values), shop, values)),
  }
}

/** The way out in the settings of this very link, or in the help. */
export function remedyFor(code: string, linkId: number): Remedy | undefined {
  const { fix } = WORDS[code] ?? {}
  return (
    fix && { ...fix, href: fix.href.replace(/^\/(sync\/settings|photos)/, `$&?link=${linkId}`) }
  )
}

/** Reasons the owner has chosen: nothing is wrong with these products. */
export const CHOSEN = ['set_aside', 'group_skipped', 'restricted', 'not_sold', 'out_of_stock']
