import type { Scope } from './platform-words.ts'
import { plainFacts, usualWords } from './words.ts'

export const wordsOf = (title: string) =>
  usualWords(title, {
    purpose: 'Сервис, который добавил администратор',
    goal: 'чтобы EvoSync обращался к нему от вашего имени',
    promise: 'Лишнего доступа не просим.',
    removeByHand: `Снять доступ можно в настройках сервиса «${title}», в списке подключённых приложений.`,
    setup: [
      `Зарегистрируйте приложение в сервисе «${title}» с адресом возврата: {redirectUri}`,
      'Впишите его ID и секрет в разделе «Администрирование», «Сервисы».',
    ],
    facts: (account) => [
      ...plainFacts(account),
      ...(typeof account.profile.email === 'string'
        ? [{ label: 'Почта', value: account.profile.email }]
        : []),
    ],
  })

/** Many servers take these to be the protocol's business and do not list them among what was granted. */
const PROTOCOL = new Set(['openid', 'offline_access'])

export const scopeNamed = (name: string): Scope => ({
  name,
  title: name,
  text: 'Так это право называется в самом сервисе.',
  needed: !PROTOCOL.has(name),
})
