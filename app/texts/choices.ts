import type { SyncText } from './text.ts'
import { TEXTS } from './index.ts'

/** Why a product does not go, or its card takes its leave, with nothing wrong about it. */
export const CHOICES = {
  gone: {
    tone: 'info',
    title: 'Товара нет на кассе',
    why: 'На кассе товара больше нет.',
    what: 'Ничего: если товар вернётся на кассу, вернём и карточку.',
    button: 'none',
  },
  set_aside: {
    tone: 'info',
    title: 'Вы решили не переносить',
    why: 'Для товара отмечено «Не переносить».',
    what: 'Если товар нужен {inP}, верните его на странице товара или в списке «Товары».',
    button: 'none',
  },
  group_skipped: {
    tone: 'info',
    title: 'Группа не переносится',
    why: 'Для группы «{group}» выбрано «Не переносить».',
    what: 'Если товары нужны {inP}, выберите для группы подборку в настройках.',
    button: 'settings',
  },
  restricted: {
    tone: 'info',
    title: 'Товары с особыми правилами продажи',
    why: 'Вид товара: {kind}. Правила {ofP} обычно запрещают такое продавать.',
    what: 'Если вашему сообществу это разрешено, включите перенос таких товаров в настройках.',
    button: 'settings',
  },
  not_sold: {
    tone: 'info',
    title: 'Товар снят с продажи на кассе',
    why: 'В карточке товара на кассе продажа выключена.',
    what: 'Если товар снова продаётся, включите продажу на кассе и обновите каталог.',
    button: 'help',
  },
  out_of_stock: {
    tone: 'info',
    title: 'Товар закончился',
    why: 'На кассе остаток 0.',
    what: 'Ничего: когда товар появится на кассе, перенесём его сами.',
    button: 'none',
  },
} as const satisfies Record<string, SyncText>

/** Ends of the connection itself, in the words connections have where they suit. */
export const CONNECTIONS = {
  token_revoked: TEXTS.token_revoked,
  token_expired: {
    tone: 'bad',
    title: 'Срок доступа закончился',
    why: 'Доступ к {toP}, который вы подтвердили, больше не действует.',
    what: 'Переподключите аккаунт. Настройки сохранятся.',
    button: 'reconnect',
  },
  token_unreadable: TEXTS.token_unreadable,
  user_blocked: TEXTS.user_blocked,
  app_not_installed: TEXTS.app_not_installed,
  store_blocked: TEXTS.store_blocked,
  insufficient_scope: {
    tone: 'bad',
    title: '{P} не {пускает|пускают} к данным',
    why: 'Сервис отвечает, что прав на это у подключения нет.',
    what: 'Переподключите аккаунт и оставьте все отметки. Если не поможет, проверьте свою роль в сервисе.',
    button: 'reconnect',
  },
} as const satisfies Record<string, SyncText>
