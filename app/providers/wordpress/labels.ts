import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_ID: { label: 'Client ID' },
  CLIENT_SECRET: { label: 'Client Secret', secret: true },
  BLOG: {
    label: 'Сайт, который предлагать первым',
    hint: 'Необязательно: адрес или номер сайта.',
    plain: true,
  },
  SCOPES: {
    label: 'Права, которые мы просим',
    hint: 'Пусто: доступ к одному сайту. global: ко всем сайтам человека.',
    plain: true,
  },
}
