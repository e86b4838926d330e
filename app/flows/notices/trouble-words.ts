import type { Provider } from '../../providers/provider.ts'
import { missingInWords } from '../../providers/scopes.ts'
import { isTextCode, sayAny, type TextCode } from '../../texts/index.ts'
import { isNamedIn } from '../../texts/names.ts'
import { counted } from '../../texts/plural.ts'
import { areSilent, endOf, OUTAGES } from './incident-rules.ts'
import type { Place } from './letter.ts'
import type { Connection } from '../../store/connection.ts'

/** A connection and what is wrong with it. */
export interface Troubled {
  provider: Provider
  connection: Connection
  code: string
}

/** One line about a trouble that also says whose it is. */
export const headline = (provider: Provider, code: string): string =>
  naming(provider, sayAny(knownCode(code), provider).title)

/** A code of an earlier version may have no words: then nothing is claimed. */
const knownCode = (code: string): TextCode => (isTextCode(code) ? code : 'unknown_trouble')

export function troubleWords(
  { baseUrl, timeZone }: Place,
  { provider, connection, code }: Troubled,
): { subject: string; paragraphs: string[] } {
  const { key } = provider
  const { lastOnlineAt: since, expiresAt } = connection
  const end = endOf(provider, connection) ?? expiresAt
  const words = sayAny(knownCode(code), provider, {
    scopes: missingInWords(provider, connection.scope),
    ...(since && { since: dateOf(since, timeZone) }),
    ...(end && { expiresAt: dateOf(end, timeZone) }),
  })
  const page = `Страница подключения: ${baseUrl}/${key}`
  const paragraphs = [words.why, `Что сделать: ${words.what}`, page]
  return { subject: headline(provider, code), paragraphs }
}

/** An outage passes by itself: only what does not asks for attention. */
export function subjectOf(all: readonly Troubled[]): string {
  const services = counted(all.length, 'сервис', 'сервиса', 'сервисов')
  if (areSilent(all)) return `Временно не отвечают ${services}`
  if (all.every(({ code }) => OUTAGES.includes(code))) return `Не проходят проверки: ${services}`
  return `Требуют внимания ${counted(all.length, 'подключение', 'подключения', 'подключений')}`
}

/** On its page a notice need not say whose it is; a letter's subject must. */
function naming(provider: Provider, subject: string): string {
  if (isNamedIn(subject, provider)) return subject
  return `${provider.title}: ${subject.charAt(0).toLowerCase()}${subject.slice(1)}`
}

/** Letters name days, not minutes: they are read hours later. */
function dateOf(date: Date, timeZone: string): string {
  const day = date.toLocaleDateString('ru-RU', {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  return day.replace(/\sг\.$/, ' года') // a sentence ends after it, with a full stop of its own
}
