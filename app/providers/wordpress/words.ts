import { asObject, asText } from '../../http/answer.ts'
import type { Scope, Table } from '../platform-words.ts'
import type { Account } from '../account.ts'
import { plainFacts, usualWords } from '../words.ts'

/** What comes when no right is named. */
export const ONE_SITE: readonly Scope[] = [
  {
    name: 'site',
    title: 'Один сайт',
    text: 'Полный доступ к одному сайту: какому, вы выберете на WordPress.com.',
    needed: true,
  },
]

/** Those of the manual that a connection may be asked for by WORDPRESS_SCOPES. */
export const SCOPES: readonly Scope[] = [
  right('global', 'Все сайты', 'Полный доступ ко всем вашим сайтам.'),
  right('users', 'Профиль', 'Видеть ваше имя на WordPress.com.'),
  right('sites', 'Сайты', 'Видеть и менять настройки сайта.'),
  right('posts', 'Записи', 'Читать и изменять записи.'),
  right('media', 'Файлы', 'Загружать фото и другие файлы.'),
  right('taxonomy', 'Рубрики', 'Читать и изменять рубрики и метки.'),
  right('comments', 'Комментарии', 'Читать комментарии и отвечать на них.'),
  right('stats', 'Статистика', 'Видеть, как посещают сайт.'),
]

function right(name: string, title: string, text: string): Scope {
  return { name, title, text, needed: true }
}

export const WORDS = usualWords('WordPress.com', {
  purpose: 'Товары и записи на сайте',
  goal: 'чтобы EvoSync видел ваш сайт и следил за связью с ним',
  promise: 'Без вашей команды ничего на сайте не публикуем.',
  removeByHand:
    'Снять доступ можно в настройках WordPress.com: Безопасность → Подключённые приложения.',
  removeUrl: 'https://wordpress.com/me/security/connected-applications',
  setup: [
    'Откройте [developer.wordpress.com/apps](https://developer.wordpress.com/apps/) и создайте приложение типа Web.',
    'Укажите в поле Redirect URLs адрес возврата: {redirectUri}',
  ],
  facts: (whose) => {
    const site = asText(asObject(whose.profile.site)?.id)
    const owner = asText(whose.profile.owner)
    if (!site) return plainFacts(whose)
    return [
      { label: 'Сайт', value: whose.name ?? 'Адрес ещё не загрузился' },
      ...(owner ? [{ label: 'Владелец', value: owner }] : []),
      { label: 'ID сайта', value: site, code: true },
    ]
  },
  table: sitesTable,
})

function sitesTable({ profile: { sites } }: Account): Table | undefined {
  const rows = (Array.isArray(sites) ? sites : []).map((one) => {
    const site = asObject(one)
    return [asText(site?.name) ?? '', asText(site?.url) ?? '']
  })
  return rows.length > 0 ? { title: 'Сайты', columns: ['Сайт', 'Адрес'], rows } : undefined
}
