import type { Letter } from '../../http/mail.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { counted } from '../../texts/plural.ts'
import type { Provider } from '../../providers/provider.ts'
import { type Addressee, letter, listOf, type Place } from './letter.ts'
import { areSilent, OURS } from './incident-rules.ts'

/** A platform that is down for many, and what it said. */
export interface Down {
  provider: Provider
  code: string
  /** Connections it concerns. */
  count: number
  detail: string | undefined
}

/** For administrators: platforms that are down for many owners, or that turn EvoSync itself away. */
export function outageLetter(place: Place, to: Addressee, ...down: [Down, ...Down[]]): Letter {
  const [first, ...others] = down.map((one) => downWords(place, one))
  if (!first || others.length === 0)
    return letter(to, first?.subject ?? '', first?.paragraphs ?? [])
  return letter(
    to,
    `${areSilent(down) ? 'Не отвечают сервисы' : 'Не проходят проверки'}: ${listOf(down.map(({ provider }) => provider))}`,
    [first, ...others].flatMap(({ subject, paragraphs }) => [`${subject}.`, ...paragraphs]),
  )
}

function downWords({ baseUrl }: Place, { provider, code, count, detail }: Down) {
  const { key } = provider
  if (OURS.includes(code)) {
    const { subject, why } = oursWords(provider, code)
    return {
      subject,
      paragraphs: [
        `${why} Код: ${code}, ответ: ${detail ?? 'без подробностей'}.`,
        `Что сделать: сверьте настройки на странице ${baseUrl}/${key} и в журнале сервера. Подключения не потеряны, проверки продолжаются.`,
      ],
    }
  }
  const concerned = counted(count, 'подключения', 'подключений', 'подключений')
  const does = outageWords(provider, code)
  return {
    subject: `${does}: сбой у ${concerned}`,
    paragraphs: [
      `На проверки ${does}, это коснулось ${concerned}. Владельцы видят это на своих страницах, подключения не потеряны, проверки продолжаются.`,
      'Что сделать: ничего, если сбой у самого сервиса. Если другим он отвечает, проверьте, выходит ли сервер EvoSync в сеть.',
    ],
  }
}

/** What a platform that is down for many does. */
export const outageWords = (platform: PlatformName, code: string): string =>
  areSilent([{ code }])
    ? named('{P} не {отвечает|отвечают}', platform)
    : named('{P} {отвечает|отвечают} не так, как обычно', platform)

/** What only an administrator can end, as they are told of it. */
export function oursWords(platform: PlatformName, code: string): { subject: string; why: string } {
  const { title } = platform
  if (code === 'tls_error')
    return {
      subject: `${title}: защищённое соединение не установлено`,
      why: 'Сервер EvoSync не доверяет сертификату, который показывает сервис.',
    }
  if (code === 'address_refused')
    return {
      subject: `${title}: адрес закрыт для запросов`,
      why: 'Адрес сервиса ведёт во внутреннюю сеть, а туда EvoSync не обращается.',
    }
  return {
    subject: named('{P} не {принимает|принимают} запросы EvoSync', platform),
    why: 'Скорее всего, дело в настройках приложения, а не в аккаунтах владельцев.',
  }
}

/** For administrators: those platforms are back. */
export function outageOverLetter(
  { baseUrl }: Place,
  to: Addressee,
  ...providers: [Provider, ...Provider[]]
): Letter {
  const ended = providers.length === 1 ? 'сбой закончился' : 'сбои закончились'
  return letter(to, `${listOf(providers)}: ${ended}`, [
    `Подключения владельцев снова работают: ${listOf(providers)}. Делать ничего не нужно.`,
    `Подключения: ${baseUrl}/connections`,
  ])
}
