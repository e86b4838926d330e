import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_ID: { label: 'App ID' },
  CLIENT_SECRET: { label: 'App Secret Key', secret: true },
  SHARE_URL_ID: {
    label: 'Share URL ID',
    hint: 'Если приложения нет в магазине Wix: из ссылки для установки.',
  },
  UNSIGNED: {
    label: 'Возврат из Wix без подписи',
    options: {
      refuse: 'Не принимать',
      accept: 'Принимать: чужой сайт подключит каждый, кто знает его номер',
    },
  },
}
