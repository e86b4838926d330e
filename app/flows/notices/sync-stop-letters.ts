import type { Text } from '../../texts/text.ts'
import type { Letter } from '../../http/mail.ts'
import type { Link } from '../../store/sync-links.ts'
import { planWords, sayAnySync } from '../../texts/catalogue.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { type Addressee, letter, type Place } from './letter.ts'
import { toldCode } from './failure-reason.ts'

/** A pair whose goods do not go until a person has done something, and why. */
export interface Stop {
  link: Pick<Link, 'storeName' | 'communityName'>
  code: string
  values?: Readonly<Record<string, string | number>>
  /** Of the platform whose failure it is. */
  platform?: PlatformName
  /** Where a person proves to be one. */
  proof?: string
  /** The run rests and goes on by itself. */
  resumes?: boolean
  /** The timetable begins another. */
  scheduled?: boolean
  /** It may be over by then, without anybody's doing. */
  passes?: boolean
}

/** What happened, why, and what to do, in words that can be read hours later. */
export const stopWords = ({
  link,
  code,
  values,
  platform,
  resumes,
  scheduled,
}: Stop): Pick<Text, 'title' | 'why' | 'what'> =>
  sayAnySync(toldCode({ code }), platform, {
    ...planWords({
      resumes: resumes ? 'через час или два' : undefined,
      next: scheduled ? 'будет в свой черёд' : undefined,
    }),
    group: link.communityName ?? '',
    store: link.storeName,
    ...values,
  })

/** The goods wait for their owner, or for a platform. */
export function stopLetter({ baseUrl }: Place, to: Addressee, ...stops: [Stop, ...Stop[]]): Letter {
  const waits = stops.some(({ passes }) => !passes)
  return letter(to, waits ? 'Перенос товаров ждёт вас' : 'Товары пока не переносятся', [
    ...stops.flatMap((stop) => paragraphsOf(stop)),
    `Синхронизация: ${baseUrl}/sync`,
  ])
}

function paragraphsOf(stop: Stop): string[] {
  const { title, why, what } = stopWords(stop)
  const { storeName, communityName } = stop.link
  return [
    `${[storeName, communityName].filter(Boolean).join(' → ')}. ${title}.`,
    why,
    `Что сделать: ${what}`,
    stop.proof ? `Страница проверки: ${stop.proof}` : '',
  ]
}
