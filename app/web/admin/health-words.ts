import type { Health } from '../../store/vocabulary.ts'
import { counted } from '../../texts/plural.ts'

/** A column of the table for each verdict, and what stands below it. */
export const VERDICTS: Record<Health, { label: string; about: string }> = {
  online: { label: 'Работают', about: 'Сервис отвечает, доступ действует.' },
  revoked: {
    label: 'Нет доступа',
    about:
      'Доступ отозван, закончился или не читается; владельцу уже предложено переподключить аккаунт.',
  },
  permission: {
    label: 'Не хватает прав',
    about: 'Доступ есть, но сервис не пускает ко всему, что нужно.',
  },
  unreachable: {
    label: 'Проверка не прошла',
    about:
      'Сервис не отвечает, отвечает не так, как обычно, или не принимает наши запросы; подключения не потеряны.',
  },
}

export const JOBS: Record<string, string> = {
  'check-health': 'Проверка подключений',
  'tell-owners': 'Письма владельцам',
  'send-news': 'Вебхуки',
  'sync-catalogue': 'Синхронизация товаров',
  'back-up': 'Копия базы',
  sweep: 'Уборка старых записей',
  'show-alive': 'Отметка «работает» для остальных экземпляров',
}

/** `120 мс`, `1,2 с`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} мс`
  return `${(ms / 1000).toFixed(1).replace('.', ',')} с`
}

/** The two largest units: `3 дня 4 часа`, `12 минут`. */
export function lasting(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1) return 'меньше минуты'
  const parts = [
    [Math.floor(minutes / 1440), 'день', 'дня', 'дней'],
    [Math.floor(minutes / 60) % 24, 'час', 'часа', 'часов'],
    [minutes % 60, 'минута', 'минуты', 'минут'],
  ] as const
  const said = parts.filter(([count]) => count > 0).slice(0, 2)
  return said.map(([count, one, few, many]) => counted(count, one, few, many)).join(' ')
}
