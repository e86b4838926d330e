import { changeIn, contentIn, type Field, type Step } from '../../../catalogue/steps.ts'
import { farewell, listed, pieces } from '../change-words.ts'

/** What became of a card, field by field; its price stands beside. `Название: было «Роза», стало «Роза красная».` */
export function didOf(step: Step): string {
  return sentencesOf(step).filter(Boolean).join(' ')
}

function sentencesOf(step: Step): (string | false | undefined)[] {
  switch (step.action) {
    case 'create':
      return [
        step.reason?.code === 'item_gone' && 'Карточки больше не было, сделали её заново.',
        placeOf(step),
        step.item.hidden && 'Карточка скрыта, пока товара нет в наличии.',
      ]
    case 'update':
      return [step.reason && farewell(step.reason), ...changed(step)]
    case 'restore':
      return ['Снова на витрине.', ...changed(step)]
    case 'hide':
      return [step.reason && farewell(step.reason), 'Карточка скрыта, её можно вернуть.']
    case 'delete':
      return [farewell(step.reason), 'Карточка удалена.']
    case 'skip':
      return []
  }
}

/** Accusative, after «Изменили»: of these nobody wants to read both values. */
const NAMES: Partial<Record<Field, string>> = {
  description: 'описание',
  sku: 'артикул',
  photo: 'фото',
}

const changed = (step: Step) => [titleOf(step), stockOf(step), othersOf(step), placeOf(step)]

function titleOf(step: Step) {
  const was = changeIn(step).before?.title
  const is = contentIn(step)?.title
  return step.fields.includes('title') && was !== undefined && `Было «${was}», стало «${is ?? ''}».`
}

function stockOf(step: Step) {
  if (!step.fields.includes('stock')) return undefined
  const { before } = changeIn(step)
  const now = pieces(contentIn(step)?.stock)
  return before?.stock === undefined
    ? `Остаток: ${now}.`
    : `Остаток: было ${pieces(before.stock)}, стало ${now}.`
}

function othersOf({ fields }: Step) {
  const names = fields.flatMap((field) => NAMES[field] ?? [])
  return names.length > 0 && `Изменили ${listed(names)}.`
}

function placeOf(step: Step) {
  const album = contentIn(step)?.album
  if (!step.fields.includes('album') || !album) return undefined
  return 'title' in album && `Подборка «${album.title}».`
}
