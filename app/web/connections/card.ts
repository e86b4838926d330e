import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { named } from '../../texts/names.ts'
import type { State, StateName } from '../kit/state.ts'
import type { Badge } from '../kit/badge.ts'

/**
 * A platform on the dashboard: fields of the connection plan by its names (docs/platforms/vk.md#the-connection-plan),
 * and the state they amount to.
 */
export interface ConnectionCard {
  key: string
  name: string
  /** The same in «аккаунт …». */
  whose: string
  icon: string
  connected: boolean
  is_online: boolean
  last_checked_at: Date | null
  /** Whose account it is; null before it is known. */
  details: string | null
  connect_url: string
  disconnect_url: string
  state: StateName
  error_code: string | null
  badge: Badge
  /** The line under the name, and the one under the badge where nothing has been checked. */
  who: string
  need: string
  confirm: string
  /** The card's one button: it leads to the platform's page, and stands out where something is to be done. */
  button: CardButton
}

interface CardButton {
  label: string
  /** What a screen reader says before the platform's name. */
  about: string
  stands: boolean
}

export function cardOf(
  provider: Provider,
  connection: Connection | undefined,
  state: State,
): ConnectionCard {
  const { key, title, icon, words, footnote } = provider
  const details = connection?.account.name ?? null
  const name = footnote ? `${title}*` : title // the footnote stands under the list
  return {
    key,
    name,
    whose: footnote ? name : named('{ofP}', provider),
    icon,
    connected: connection !== undefined,
    is_online: connection?.isOnline ?? false,
    last_checked_at: connection?.lastCheckedAt ?? null,
    details,
    connect_url: `/${key}`,
    disconnect_url: `/${key}/disconnect`,
    state: state.name,
    error_code: state.code ?? null,
    badge: state.badge,
    who: details ?? (connection?.account.id ? `ID ${connection.account.id}` : words.purpose),
    need: needOf(provider, state),
    confirm: words.confirmDisconnect,
    button: BUTTONS[state.name],
  }
}

const MORE: CardButton = { label: 'Подробнее', about: 'о подключении ', stands: false }
const BUTTONS: Record<StateName, CardButton> = {
  unset: MORE,
  off: { label: 'Подключить', about: '', stands: true },
  revoked: { label: 'Переподключить', about: '', stands: true },
  down: MORE,
  attention: { label: 'Исправить', about: 'подключение ', stands: true },
  ok: MORE,
}

function needOf({ words, disabled }: Provider, { name }: State): string {
  if (name !== 'unset') return words.need
  return disabled ? 'Администратор выключил этот сервис' : 'Нужны ключи от администратора'
}
