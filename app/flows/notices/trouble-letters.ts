import type { Letter } from '../../http/mail.ts'
import type { Provider } from '../../providers/provider.ts'
import { jointName, named } from '../../texts/names.ts'
import { type Addressee, letter, type Place } from './letter.ts'
import { subjectOf, type Troubled, troubleWords } from './trouble-words.ts'

/** Connections need their owner, or will soon; what began together is told together. */
export function troubleLetter(
  place: Place,
  to: Addressee,
  ...[first, ...others]: [Troubled, ...Troubled[]]
): Letter {
  if (others.length === 0) {
    const { subject, paragraphs } = troubleWords(place, first)
    return letter(to, subject, paragraphs)
  }
  const all = [first, ...others]
  const sections = all.map((one) => troubleWords(place, one))
  return letter(to, subjectOf(all), [
    ...sections.flatMap(({ subject, paragraphs }) => [`${subject}.`, ...paragraphs]),
    `Все подключения: ${place.baseUrl}/connections`,
  ])
}

/** The troubles are over; told only to who was told of them. */
export function recoveryLetter(
  { baseUrl }: Place,
  to: Addressee,
  ...providers: [Provider, ...Provider[]]
): Letter {
  const all = jointName(providers)
  return letter(
    to,
    providers.length === 1 ? named('{P} снова на связи', all) : named('Снова на связи: {p}', all),
    [
      `${named('{P} снова {отвечает|отвечают}', all)} как обычно, доступ в порядке. Делать ничего не нужно.`,
      `Подключения: ${baseUrl}/connections`,
    ],
  )
}
