import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { named } from '../../texts/names.ts'
import { isOpen, type State, type StateName } from '../kit/state.ts'
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
  /** The card's button: it stands out where something is to be done. */
  button: CardButton
}

interface CardButton {
  label: string
  href: string
  /** It leaves the platform's page out, which is still there to be read. */
  straight: boolean
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
    button: buttonOf(provider, state),
  }
}

type ButtonWords = Omit<CardButton, 'href' | 'straight'>

const MORE: ButtonWords = { label: 'Подробнее', about: 'о подключении ', stands: false }
const BUTTONS: Record<StateName, ButtonWords> = {
  unset: MORE,
  off: { label: 'Подключить', about: '', stands: true },
  revoked: { label: 'Переподключить', about: '', stands: true },
  down: MORE,
  attention: { label: 'Исправить', about: 'подключение ', stands: true },
  ok: MORE,
}

/** Straight to the consent, but for what has to be explained first: a right that few applications are given. */
function buttonOf(provider: Provider, { name }: State): CardButton {
  const straight = (name === 'off' && !provider.gate) || (name === 'revoked' && isOpen(provider))
  const page = `/${provider.key}`
  return { ...BUTTONS[name], straight, href: straight ? `${page}/connect` : page }
}

/** The same for whoever can do something about keys that are missing. */
export function forAdministrators(card: ConnectionCard, { disabled }: Provider): ConnectionCard {
  if (card.state !== 'unset' || disabled) return card
  return { ...card, button: { ...card.button, label: 'Настроить', about: 'подключение ' } }
}

function needOf({ words, disabled }: Provider, { name }: State): string {
  if (name !== 'unset') return words.need
  return disabled ? 'Администратор выключил этот сервис' : 'Нужны ключи приложения'
}
