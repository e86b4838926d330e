import type { Config } from '../config.ts'
import type { Letter } from '../http/mail.ts'
import { counted } from '../plural.ts'
import type { Provider } from '../providers/provider.ts'
import { missingInWords } from '../providers/scopes.ts'
import type { Connection } from '../store/connection-rows.ts'
import type { User } from '../store/users.ts'
import { isTextCode, say, type TextCode } from '../texts.ts'
import { endOf, OURS, OUTAGES } from './trouble.ts'

type Addressee = Pick<User, 'email' | 'name'>
type Place = Pick<Config, 'baseUrl' | 'timeZone'>

/** A connection and what is wrong with it. */
export interface Troubled {
  provider: Provider
  connection: Connection
  code: string
}

/** A platform that is down for many, and what it said. */
export interface Down {
  provider: Provider
  code: string
  /** Connections it concerns. */
  count: number
  detail: string | undefined
}

/** Connections need their owner, or will soon; what began together is told together. */
export function troubleLetter(
  place: Place,
  to: Addressee,
  ...[first, ...others]: [Troubled, ...Troubled[]]
): Letter {
  if (others.length === 0) {
    const { subject, paragraphs } = wordsOf(place, first)
    return letter(to, subject, paragraphs)
  }
  const all = [first, ...others]
  const sections = all.map((one) => wordsOf(place, one))
  return letter(to, subjectOf(all), [
    ...sections.flatMap(({ subject, paragraphs }) => [`${subject}.`, ...paragraphs]),
    `Все подключения: ${place.baseUrl}/connections`,
  ])
}

/** One line about a trouble that also says whose it is. */
export const headline = ({ title }: Provider, code: string): string =>
  naming(title, say(knownCode(code), { P: title, p: title }).title)

const knownCode = (code: string): TextCode => (isTextCode(code) ? code : 'token_revoked')

function wordsOf(
  { baseUrl, timeZone }: Place,
  { provider, connection, code }: Troubled,
): { subject: string; paragraphs: string[] } {
  const { key, title } = provider
  const words = say(knownCode(code), {
    P: title,
    p: title,
    scopes: missingInWords(provider, connection.scope),
    since: dateOf(connection.lastOnlineAt, timeZone),
    expiresAt: dateOf(endOf(provider, connection) ?? connection.expiresAt, timeZone),
    retryAt: 'через несколько минут',
  })
  const page = `Страница подключения: ${baseUrl}/${key}`
  const paragraphs = [words.why, `Что сделать: ${words.what}`, page]
  return { subject: headline(provider, code), paragraphs }
}

/** An outage passes by itself: only what does not asks for attention. */
function subjectOf(all: readonly Troubled[]): string {
  if (all.every(({ code }) => OUTAGES.includes(code)))
    return `Временно не отвечают ${counted(all.length, 'сервис', 'сервиса', 'сервисов')}`
  return `Требуют внимания ${counted(all.length, 'подключение', 'подключения', 'подключений')}`
}

/** On its page a notice need not say whose it is; a letter's subject must. */
function naming(title: string, subject: string): string {
  if (subject.includes(title)) return subject
  return `${title}: ${subject.charAt(0).toLowerCase()}${subject.slice(1)}`
}

export function recoveryLetter(
  { baseUrl }: Place,
  to: Addressee,
  ...providers: [Provider, ...Provider[]]
): Letter {
  const [first, ...others] = providers.map(({ title }) => title)
  const alone = others.length === 0
  return letter(
    to,
    alone ? `${first ?? ''} снова на связи` : `Снова на связи: ${listOf(providers)}`,
    [
      `${listOf(providers)} снова ${alone ? 'отвечает' : 'отвечают'}, доступ в порядке. Делать ничего не нужно.`,
      `Подключения: ${baseUrl}/connections`,
    ],
  )
}

/** For administrators: platforms that are down for many owners, or that turn EvoSync itself away. */
export function outageLetter(place: Place, to: Addressee, ...down: [Down, ...Down[]]): Letter {
  const [first, ...others] = down.map((one) => downWords(place, one))
  if (!first || others.length === 0)
    return letter(to, first?.subject ?? '', first?.paragraphs ?? [])
  return letter(
    to,
    `Не отвечают сервисы: ${listOf(down.map(({ provider }) => provider))}`,
    [first, ...others].flatMap(({ subject, paragraphs }) => [`${subject}.`, ...paragraphs]),
  )
}

function downWords({ baseUrl }: Place, { provider, code, count, detail }: Down) {
  const { key, title } = provider
  if (OURS.includes(code)) {
    return {
      subject: `${title} не принимает запросы EvoSync`,
      paragraphs: [
        `Дело в настройках приложения, а не в аккаунтах владельцев. Код: ${code}, ответ: ${detail ?? 'без подробностей'}.`,
        `Что сделать: сверьте настройки на странице ${baseUrl}/${key} и в журнале сервера. Подключения не потеряны, проверки продолжаются.`,
      ],
    }
  }
  const concerned = counted(count, 'подключения', 'подключений', 'подключений')
  return {
    subject: `${title} не отвечает: сбой у ${concerned}`,
    paragraphs: [
      `${title} не отвечает на проверки, это коснулось ${concerned}. Владельцам мы написали, подключения не потеряны, проверки продолжаются.`,
      'Что сделать: ничего, если сбой у самого сервиса. Если другим он отвечает, проверьте, выходит ли сервер EvoSync в сеть.',
    ],
  }
}

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

/** `Эвотор`, `Эвотор и ВКонтакте`, `Эвотор, ВКонтакте и Wix`. */
function listOf(providers: readonly Provider[]): string {
  return new Intl.ListFormat('ru-RU').format(providers.map(({ title }) => title))
}

export function resetLetter(to: Addressee, link: string): Letter {
  return letter(to, 'Новый пароль для EvoSync', [
    'Вы или кто-то другой попросили сменить пароль. Чтобы придумать новый, откройте ссылку:',
    link,
    'Ссылка действует час и срабатывает один раз. Если вы её не просили, ничего делать не нужно: пароль не изменится.',
  ])
}

export function passwordChangedLetter({ baseUrl }: Place, to: Addressee): Letter {
  return letter(to, 'Пароль в EvoSync изменён', [
    'Пароль вашего аккаунта изменён, остальные сеансы завершены.',
    `Если это были не вы, сразу запросите новый пароль: ${baseUrl}/forgot`,
  ])
}

/** To the address that was the person's until now. */
export function emailChangedLetter({ baseUrl }: Place, to: Addressee): Letter {
  return letter(to, 'Почта в EvoSync изменена', [
    'В вашем аккаунте теперь указан другой адрес почты, на этот письма больше не придут.',
    `Если это были не вы, напишите администратору, который установил EvoSync: ${baseUrl}`,
  ])
}

function letter({ email, name }: Addressee, subject: string, paragraphs: string[]): Letter {
  const text = [`Здравствуйте, ${name}!`, ...paragraphs.filter(Boolean), 'EvoSync'].join('\n\n')
  return { to: email, subject, text }
}

/** Letters name days, not minutes: they are read hours later. */
function dateOf(date: Date | undefined, timeZone: string): string {
  if (!date) return 'недавнего времени'
  const day = date.toLocaleDateString('ru-RU', {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  return day.replace(/\sг\.$/, ' года') // a sentence ends after it, with a full stop of its own
}
