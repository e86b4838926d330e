import type { SettingWords } from '../platform-words.ts'

/** What its variables are called on its page. */
export const LABELS: Readonly<Record<string, SettingWords>> = {
  CLIENT_SECRET: { label: 'Секретный ключ', secret: true },
  PUBLIC_KEY: { label: 'Публичный ключ' },
}
