import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_ID: { label: 'App ID' },
  CLIENT_SECRET: { label: 'App Secret', secret: true },
  CONFIG_ID: {
    label: 'Configuration ID',
    hint: 'Необязательно: только для Facebook Login for Business.',
  },
  API_VERSION: { label: 'Версия Graph API', plain: true },
  PKCE: { label: 'Защита кода (PKCE)', options: { off: 'Нет', on: 'Да' } },
  PROOF: {
    label: 'Подпись запросов',
    options: { plain: 'Обычная', timed: 'На пять минут' },
  },
}
