/** What the journal's events are called. A name that is used in the code and is not here fails a test. */
export const EVENT_WORDS: Readonly<Record<string, string>> = {
  registered: 'Регистрация',
  signed_in: 'Вход',
  sign_in_failed: 'Неудачный вход',
  email_changed: 'Смена почты',
  password_changed: 'Смена пароля',
  reset_link_made: 'Ссылка на новый пароль',
  account_deleted: 'Удаление аккаунта',
  connected: 'Подключение',
  disconnected: 'Отключение',
  refreshed: 'Доступ продлён',
  refresh_failed: 'Доступ не продлён',
  revoked: 'Доступа больше нет',
  access_unreadable: 'Ключ доступа не читается',
  linked: 'Привязан способ входа',
  unlinked: 'Отвязан способ входа',
  api_token_made: 'Создан токен API',
  api_token_removed: 'Удалён токен API',
  sync_done: 'Товары перенесены',
  sync_failed: 'Перенос товаров не удался',
  sync_paused: 'Перенос товаров ждёт владельца',
  provider_added: 'Добавлен сервис',
  provider_changed: 'Изменён сервис',
  provider_removed: 'Удалён сервис',
  keys_entered: 'Введены ключи сервиса',
  keys_removed: 'Убраны ключи сервиса',
}

/** An event's words; one of an earlier version keeps its name. */
export const eventWords = (event: string): string => EVENT_WORDS[event] ?? event
