import { asObject, asText } from '../../http/answer.ts'
import type { Fact, Scope, Table } from '../platform-words.ts'
import type { Account } from '../account.ts'
import { plainFacts, usualWords } from '../words.ts'

/** Rights EvoSync has words for; FACEBOOK_SCOPES says which are asked for. */
export const SCOPES: readonly Scope[] = [
  {
    name: 'ads_management',
    title: 'Управление рекламой',
    text: 'Создавать и изменять рекламу в ваших кабинетах.',
    needed: true,
  },
  {
    name: 'ads_read',
    title: 'Чтение рекламы',
    text: 'Видеть рекламные кабинеты, кампании и отчёты по ним.',
    needed: true,
  },
  {
    name: 'read_insights',
    title: 'Статистика',
    text: 'Видеть статистику ваших страниц и рекламы.',
    needed: true,
  },
  {
    name: 'business_management',
    title: 'Бизнес-менеджер',
    text: 'Управлять объектами вашего бизнес-менеджера.',
    needed: false,
  },
  {
    name: 'pages_show_list',
    title: 'Список страниц',
    text: 'Видеть, какими страницами вы управляете.',
    needed: false,
  },
  {
    name: 'pages_read_engagement',
    title: 'Активность на страницах',
    text: 'Видеть публикации ваших страниц и отклики на них.',
    needed: false,
  },
  {
    name: 'pages_manage_ads',
    title: 'Реклама страниц',
    text: 'Создавать и изменять рекламу от имени ваших страниц.',
    needed: false,
  },
]

/** Asked for unless FACEBOOK_SCOPES says otherwise: what advertising needs. */
export const ASKED: readonly string[] = ['ads_management', 'ads_read', 'read_insights']

export const WORDS = usualWords('Facebook', {
  purpose: 'Каталог и реклама',
  goal: 'чтобы видеть рекламные кабинеты и вести рекламу товаров',
  promise: 'Сообщения не читаем, записи от вашего имени не публикуем.',
  removeByHand:
    'Снять доступ можно в настройках Facebook, разделы «Бизнес-интеграции» и «Приложения и сайты».',
  removeUrl: 'https://www.facebook.com/settings?tab=business_tools',
  setup: [
    'Откройте [developers.facebook.com](https://developers.facebook.com/apps/) → My Apps → Create App и выберите тип Business.',
    'Добавьте продукты Facebook Login и Marketing API. В настройках Facebook Login впишите адрес возврата (Valid OAuth Redirect URIs): {redirectUri}',
    'В разделе App Review → Permissions and Features попросите права `ads_management`, `ads_read` и `read_insights`. Пока приложение в режиме Development, подключиться могут только его администраторы и тестировщики.',
  ],
  facts: (account) => [...plainFacts(account), ...adAccountsFact(account)],
  table: adAccountsTable,
})

/** Only when there is no table to show. */
function adAccountsFact({ profile: { adAccounts } }: Account): Fact[] {
  const label = 'Рекламные кабинеты'
  if (adAccounts === null) return [{ label, value: 'Facebook не даёт их увидеть' }]
  return Array.isArray(adAccounts) && adAccounts.length === 0 ? [{ label, value: 'ни одного' }] : []
}

function adAccountsTable({ profile: { adAccounts } }: Account): Table | undefined {
  if (!Array.isArray(adAccounts) || adAccounts.length === 0) return undefined
  return {
    title: 'Рекламные кабинеты',
    columns: ['Кабинет', 'Номер', 'Состояние'],
    rows: adAccounts
      .map(asObject)
      .map((one) => [
        asText(one?.name) ?? 'Без названия',
        asText(one?.account_id) ?? '',
        STATES[asText(one?.account_status) ?? ''] ?? 'неизвестно',
      ]),
  }
}

/** developers.facebook.com/docs/marketing-api/reference/ad-account, account_status. */
const STATES: Record<string, string> = {
  1: 'работает',
  2: 'отключён',
  3: 'есть долг по оплате',
  7: 'на проверке',
  8: 'ждёт оплаты',
  9: 'отсрочка оплаты',
  100: 'закрывается',
  101: 'закрыт',
}
