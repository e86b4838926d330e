import type { Letter } from '../http/mail.ts'
import type { Link } from '../store/sync-links.ts'
import type { Text } from '../texts.ts'
import { saySync } from '../texts-sync.ts'
import { type Addressee, letter, type Place } from './letter.ts'

/** A pair whose goods do not go until a person has done something, and why. */
export interface Stop {
  link: Pick<Link, 'storeName' | 'communityName'>
  code: string
  values?: Readonly<Record<string, string | number>>
}

/** What happened, why, and what to do, in words that can be read hours later. */
export const stopWords = ({ link, code, values }: Stop): Pick<Text, 'title' | 'why' | 'what'> =>
  saySync(code, {
    ...GAPS,
    ...(OF_THE_TILL.includes(code) && { P: 'Эвотор', p: 'Эвотор' }),
    group: link.communityName,
    store: link.storeName,
    ...values,
  })

const OF_THE_TILL = ['store_empty', 'no_stores', 'store_blocked', 'app_not_installed']

const GAPS = {
  P: 'ВКонтакте',
  p: 'ВКонтакте',
  retryAt: 'через час',
  scopes: '«Товары»',
  since: 'недавнего времени',
  expiresAt: 'недавнего времени',
}

/** The goods wait for their owner. */
export function stopLetter({ baseUrl }: Place, to: Addressee, ...stops: [Stop, ...Stop[]]): Letter {
  return letter(to, 'Перенос товаров ждёт вас', [
    ...stops.flatMap((stop) => {
      const { title, why, what } = stopWords(stop)
      const { storeName, communityName } = stop.link
      return [`${storeName} → ${communityName}. ${title}.`, why, `Что сделать: ${what}`]
    }),
    `Синхронизация: ${baseUrl}/sync`,
  ])
}
