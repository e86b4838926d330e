import { GOOGLE_CONNECTIONS } from '../google/account.ts'
import { sitesTable } from './sites.ts'
import type { Scope, Words } from '../platform-words.ts'
import { usualWords } from '../words.ts'

/** The rights of Search Console and of the account, as a person reads them. */
export const SCOPES: readonly Scope[] = [
  {
    name: 'https://www.googleapis.com/auth/webmasters.readonly',
    title: 'Отчёты поиска',
    text: 'Видеть ваши сайты и отчёты о поиске.',
    needed: true,
  },
  {
    name: 'https://www.googleapis.com/auth/webmasters',
    title: 'Отчёты и настройки поиска',
    text: 'Видеть и изменять ваши сайты в Search Console.',
    needed: true,
  },
  { name: 'openid', title: 'Вход', text: 'Узнавать, какой аккаунт подключён.', needed: true },
  { name: 'email', title: 'Почта', text: 'Видеть адрес этого аккаунта.', needed: false },
]

export const WORDS: Words = usualWords('Google Search Console', {
  purpose: 'Как товары ищут в Google',
  goal: 'чтобы видеть, как ваш сайт находят в поиске Google',
  promise: 'Ваши сайты и настройки поиска не меняем.',
  removeByHand: 'Снять доступ можно в аккаунте Google, раздел «Сторонние приложения и сервисы».',
  removeUrl: GOOGLE_CONNECTIONS,
  setup: [
    'Откройте [Google Cloud Console](https://console.cloud.google.com/apis/credentials), создайте проект и включите в нём Google Search Console API.',
    'Настройте экран согласия и опубликуйте его: пока приложение в режиме тестирования, доступ живёт семь дней.',
    'Создайте клиента OAuth (Web application) с адресом возврата: {redirectUri}',
  ],
  table: sitesTable,
})
