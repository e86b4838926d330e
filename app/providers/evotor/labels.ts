import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_ID: { label: 'client_id' },
  CLIENT_SECRET: { label: 'client_secret', secret: true },
  WEBHOOK_TOKEN: {
    label: 'Токен для уведомлений',
    hint: 'Необязательно. С ним Эвотор сообщает об изменениях товаров: «токен стороннего сервиса» в его кабинете.',
    secret: true,
  },
}
