import type { Ends, LinkRefusal } from '../../../flows/catalogue/find-route.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { lacksRight } from '../missing-right.ts'
import { wordsOf } from '../words.ts'
import type { FormPlaces } from './draft.ts'

export function placeErrors(ends: Ends, link: Link | undefined, places: FormPlaces): FieldErrors {
  const fileOnly = lacksRight(ends.target) || (link && link.target === undefined)
  return {
    ...(places.storeId === '' && { store_id: 'Выберите магазин' }),
    ...(places.communityId === '' && !fileOnly && { group_id: 'Выберите сообщество' }),
  }
}

export function refusalWords({ end, code, values }: LinkRefusal, ends: Ends): FieldErrors {
  const name = end === 'source' ? 'store_id' : 'group_id'
  const own = OWN_WORDS[code]
  if (own) return { [name]: own }
  const words = wordsOf(code, ends[end].provider, values)
  return { [name]: [`${words.title}.`, words.why, words.what].filter(Boolean).join(' ') }
}

const OWN_WORDS: Partial<Record<string, string>> = {
  pair_taken: 'Такая пара уже есть: выберите другой магазин или сообщество',
  already_running:
    'Сейчас идёт синхронизация этой пары. Дождитесь окончания или остановите её, потом меняйте магазин и сообщество',
}
