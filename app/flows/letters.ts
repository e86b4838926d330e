import type { Config } from '../config.ts'
import type { Letter } from '../http/mail.ts'
import type { Provider } from '../providers/provider.ts'
import { missingInWords } from '../providers/scopes.ts'
import type { Connection } from '../store/connection-rows.ts'
import type { User } from '../store/users.ts'
import { isTextCode, say } from '../texts.ts'
import { endOf } from './trouble.ts'

type Addressee = Pick<User, 'email' | 'name'>
type Place = Pick<Config, 'baseUrl' | 'timeZone'>

/** A connection needs its owner, or will soon. */
export function troubleLetter(
  { baseUrl, timeZone }: Place,
  to: Addressee,
  provider: Provider,
  connection: Connection,
  code: string,
): Letter {
  const { key, title } = provider
  const words = say(isTextCode(code) ? code : 'token_revoked', {
    P: title,
    p: title,
    scopes: missingInWords(provider, connection.scope),
    since: dateOf(connection.lastOnlineAt, timeZone),
    expiresAt: dateOf(endOf(provider, connection) ?? connection.expiresAt, timeZone),
    retryAt: 'через несколько минут',
  })
  return letter(to, naming(title, words.title), [
    words.why,
    `Что сделать: ${words.what}`,
    `Страница подключения: ${baseUrl}/${key}`,
  ])
}

/** On its page a notice need not say whose it is; a letter's subject must. */
function naming(title: string, subject: string): string {
  if (subject.includes(title)) return subject
  return `${title}: ${subject.charAt(0).toLowerCase()}${subject.slice(1)}`
}

export function recoveryLetter({ baseUrl }: Place, to: Addressee, { title }: Provider): Letter {
  return letter(to, `${title} снова на связи`, [
    `${title} снова отвечает, доступ в порядке. Делать ничего не нужно.`,
    `Подключения: ${baseUrl}/connections`,
  ])
}

/** For the administrator: a platform turns EvoSync itself away, and no owner can mend that. */
export function settingsLetter(
  { baseUrl }: Place,
  to: Addressee,
  { key, title }: Provider,
  { code, detail = 'без подробностей' }: { code: string; detail: string | undefined },
): Letter {
  return letter(to, `${title} не принимает запросы EvoSync`, [
    `Дело в настройках приложения, а не в аккаунтах владельцев. Код: ${code}, ответ: ${detail}.`,
    `Что сделать: сверьте настройки на странице ${baseUrl}/${key} и в журнале сервера. Подключения не потеряны, проверки продолжаются.`,
  ])
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
