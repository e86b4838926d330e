import type { Words } from './platform-words.ts'
import type { Account } from './account.ts'

/** What only the platform's own file can say; all of it in Russian. */
export interface OwnWords {
  /** Under the name on the dashboard: «Как товары ищут в Google». */
  purpose: string
  /** Why one would connect it: «чтобы видеть …». */
  goal: string
  /** What we neither read nor do there. */
  promise: string
  removeByHand: string
  removeUrl?: string
  setup: readonly string[]
  /** What the account is called in the panel; «Профиль». */
  account?: string
  facts?: Words['facts']
  table?: Words['table']
}

/** The words of a platform that is connected like most: everything they share is said here once. */
export function usualWords(title: string, own: OwnWords): Words {
  const { purpose, goal, promise, removeByHand, removeUrl, setup, account = 'Профиль' } = own
  return {
    purpose,
    need: `Понадобится вход в ${title}`,
    intro: `Подключите ваш аккаунт ${title}, ${goal}.`,
    points: [
      `Вы перейдёте на сайт ${title} и подтвердите доступ.`,
      'После подтверждения подключение настроится автоматически.',
      'Отключить аккаунт можно в любой момент.',
    ],
    promise: `Ваш пароль мы не видим. ${promise}`,
    step: `Подключите ${title}.`,
    done: ({ name }) => (name ? `Аккаунт: ${name}.` : 'Аккаунт подключён.'),
    afterDisconnect: `Если отключить аккаунт, в ${title} ничего не изменится, но данные перестанут обновляться.`,
    confirmDisconnect: `Данные из ${title} перестанут обновляться. В самом сервисе ничего не изменится.`,
    removeByHand,
    ...(removeUrl && { removeUrl }),
    setup,
    facts: own.facts ?? ((whose) => plainFacts(whose, account)),
    ...(own.table && { table: own.table }),
  }
}

/** Name and number of an account. */
export const plainFacts = ({ id, name }: Account, label = 'Профиль') => [
  { label, value: name ?? 'Имя ещё не загрузилось' },
  ...(id ? [{ label: 'ID', value: id, code: true }] : []),
]
