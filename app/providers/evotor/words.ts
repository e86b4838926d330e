import { asObject, asText } from '../../http/answer.ts'
import type { Scope, Table, Words } from '../platform-words.ts'
import type { Account } from '../account.ts'

/** Fixed when the OAuth client is created at Evotor; all of them are for reading. */
export const SCOPES: readonly Scope[] = [
  { name: 'store:read', title: 'Магазины', text: 'Видеть список ваших магазинов.', needed: true },
  {
    name: 'product:read',
    title: 'Товары',
    text: 'Читать названия, цены и группы товаров. Каталог на кассе мы не меняем.',
    needed: true,
  },
  {
    name: 'product.quantity:read',
    title: 'Остатки',
    text: 'Видеть, сколько товара осталось, чтобы вовремя скрыть его с витрины.',
    needed: false,
  },
]

export const WORDS: Words = {
  purpose: 'Касса, откуда берём товары',
  need: 'Понадобится вход в личный кабинет Эвотор',
  intro:
    'Подключите ваш аккаунт Эвотор, чтобы система могла брать каталог товаров с вашей кассы: названия, цены и остатки.',
  points: [
    'Вы перейдёте на сайт Эвотор и подтвердите доступ.',
    'После подтверждения подключение настроится автоматически.',
    'Отключить аккаунт можно в любой момент.',
  ],
  promise: 'Пароль от Эвотор мы не видим. Каталог на кассе и чеки не меняем.',
  step: 'Подключите кассу, откуда берём товары.',
  done: ({ name }) => (name ? `Магазин: ${name}.` : 'Аккаунт подключён.'),
  afterDisconnect:
    'Если отключить аккаунт, каталог на кассе останется как есть, но товары перестанут обновляться.',
  confirmDisconnect:
    'Синхронизация остановится. Каталог на кассе не изменится, товары в сообществе останутся.',
  removeByHand: 'Снять доступ можно в личном кабинете Эвотор: Мои приложения → удалить приложение.',
  setup: [
    'Зарегистрируйтесь на [dev.evotor.ru](https://dev.evotor.ru/), создайте приложение, на вкладке «Интеграция» отметьте чтение магазинов, товаров и остатков и нажмите «Выложить на тест».',
    'Создайте OAuth-клиент типа `web` запросом из README, раздел «An Эвотор application», с адресом возврата: {redirectUri}',
    'Владелец магазина ставит приложение в личном кабинете Эвотор и нажимает здесь «Подключить Эвотор».',
  ],
  facts: ({ id, name }) => [
    { label: 'Магазин', value: name ?? 'пока неизвестен' },
    ...(id ? [{ label: 'ID пользователя', value: id, code: true }] : []),
  ],
  table: storesTable,
}

function storesTable({ profile }: Account): Table | undefined {
  const stores = storesOf(profile)
  if (stores.length === 0) return undefined
  return {
    title: 'Магазины',
    columns: ['Магазин', 'Адрес'],
    rows: stores.map(({ name, address }) => [name, address || 'не указан']),
  }
}

function storesOf({ stores }: Account['profile']) {
  const list = Array.isArray(stores) ? stores.map(asObject) : []
  return list.map((store) => ({
    name: asText(store?.name) ?? '',
    address: asText(store?.address) ?? '',
  }))
}
