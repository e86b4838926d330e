import { asObject, asText } from '../../http/answer.ts'
import type { Scope, SettingWords, Table, Words } from '../platform-words.ts'
import type { Account } from '../account.ts'
import type { Hosts, ShopeeSettings } from './hosts.ts'
import { regionInWords } from './regions.ts'
import { usualWords } from '../words.ts'

/** Rights follow the type of the application; none of these names is ever sent. */
export const RIGHTS: readonly Scope[] = [
  {
    name: 'shop',
    title: 'Магазины',
    text: 'Видеть название, страну и состояние ваших магазинов.',
    needed: true,
  },
]

export const wordsWith = ({ cancelUrl }: Hosts): Words => ({
  ...usualWords('Shopee', {
    purpose: 'Магазин на маркетплейсе',
    goal: 'чтобы видеть состояние вашего магазина на маркетплейсе',
    promise: 'Заказы и цены не меняем.',
    account: 'Магазин',
    removeByHand:
      'Снять доступ можно на странице отмены авторизации Shopee или в Seller Centre, в настройках партнёрских приложений.',
    removeUrl: cancelUrl,
    setup: [
      'Откройте [консоль Shopee Open Platform](https://open.shopee.com/), создайте приложение и дождитесь проверки.',
      'В настройке Redirect URL Domain укажите домен этого адреса возврата: {redirectUri}',
    ],
    table: ({ profile }) => shopsTable(profile),
  }),
  done: ({ name }) => (name ? `Магазин: ${name}.` : 'Магазин подключён.'),
})

const STATUSES: Record<string, string> = {
  NORMAL: 'Работает',
  FROZEN: 'Заморожен',
  BANNED: 'Заблокирован',
  LOST: 'Нет доступа',
  UNKNOWN: 'Пока неизвестно',
}

function shopsTable({ shops }: Account['profile']): Table | undefined {
  const list = Array.isArray(shops) ? shops.map(asObject) : []
  if (list.length === 0) return undefined
  const rows = list.map((shop) => {
    const kind = shop?.kind === 'merchant_id' ? 'Продавец' : 'Магазин'
    const status = asText(shop?.status) ?? 'UNKNOWN'
    const region = regionInWords(asText(shop?.region)) || 'не указана'
    return [
      asText(shop?.name) ?? '',
      region,
      kind,
      asText(shop?.id) ?? '',
      STATUSES[status] ?? status,
    ]
  })
  return { title: 'Магазины', columns: ['Название', 'Страна', 'Что это', 'ID', 'Состояние'], rows }
}

const ENVIRONMENTS = {
  live: 'боевая среда Shopee (live)',
  test: 'песочница Shopee (test): настоящих магазинов там нет',
}

const REGION_WORDS = { global: 'общий (global)', cn: 'Китай (cn)', br: 'Бразилия (br)' }

/** Which keys have to be there: those of one environment work in no other. */
export function remarksOn(
  { ENVIRONMENT, REGION, LINK }: ShopeeSettings,
  { apiUrl }: Hosts,
): readonly string[] {
  const where = `Включена ${ENVIRONMENTS[ENVIRONMENT]}. Регион: ${REGION_WORDS[REGION]}, запросы идут на ${new URL(apiUrl).host}.`
  if (LINK === 'new') return [where]
  return [
    where,
    'Ссылка подключения прежняя, с подписью (SHOPEE_LINK=legacy): она действует 5 минут.',
  ]
}

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  PARTNER_ID: { label: 'Partner ID' },
  PARTNER_KEY: { label: 'Partner Key', secret: true },
  ENVIRONMENT: { label: 'Чьи это ключи', options: { live: 'Рабочие', test: 'Песочницы' } },
  REGION: {
    label: 'Где магазины',
    options: { global: 'Везде, кроме Китая и Бразилии', cn: 'Китай', br: 'Бразилия' },
  },
  LINK: {
    label: 'Страница согласия',
    options: { new: 'Новая', legacy: 'Прежняя, подписанная ссылка' },
  },
}
