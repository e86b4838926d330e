import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_SECRET: {
    label: 'Защищённый ключ',
    hint: 'Для VK ID не нужен.',
    secret: true,
  },
  AUTH: {
    label: 'Какое это приложение',
    options: {
      classic: 'Прежнее: создано на vk.com, есть защищённый ключ',
      vkid: 'VK ID: создано в кабинете VK ID',
    },
  },
  DOMAIN: { label: 'Адрес ВКонтакте' },
  API_VERSION: { label: 'Версия API', plain: true },
  TOKEN_METHOD: {
    label: 'Как передавать ключи (прежнее приложение)',
    options: { GET: 'В адресе, как у ВКонтакте в руководстве', POST: 'В теле запроса' },
  },
}
