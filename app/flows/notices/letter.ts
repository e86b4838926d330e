import type { Config } from '../../config/index.ts'
import type { Letter } from '../../http/mail.ts'
import type { Provider } from '../../providers/provider.ts'
import type { User } from '../../store/users.ts'

/** Whom a letter greets. */
export type Addressee = Pick<User, 'email' | 'name'>
/** Where EvoSync is, by address and by clock. */
export type Place = Pick<Config, 'baseUrl' | 'timeZone'>

/** A letter in plain text; empty paragraphs are left out. */
export function letter({ email, name }: Addressee, subject: string, paragraphs: string[]): Letter {
  const text = [`Здравствуйте, ${name}!`, ...paragraphs.filter(Boolean), 'EvoSync'].join('\n\n')
  return { to: email, subject, text }
}

/** `Эвотор`, `Эвотор и ВКонтакте`, `Эвотор, ВКонтакте и Wix`. */
export function listOf(providers: readonly Provider[]): string {
  return new Intl.ListFormat('ru-RU').format(providers.map(({ title }) => title))
}
