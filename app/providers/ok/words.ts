import type { Gate, Scope, Words } from '../platform-words.ts'
import type { NameForms } from '../../texts/name-gaps.ts'

export const FORMS: NameForms = {
  of: 'Одноклассников',
  to: 'Одноклассникам',
  in: 'в Одноклассниках',
  short: 'ОК',
  many: true,
}

/** Rights OK knows and EvoSync may ask for (docs/platforms/ok.md#signing-in); OK_SCOPES says which. */
export const SCOPES: readonly Scope[] = [
  {
    name: 'VALUABLE_ACCESS',
    title: 'Основной доступ',
    text: 'Узнавать, чей это аккаунт. Без него остальные права не действуют.',
    needed: true,
  },
  {
    name: 'GROUP_CONTENT',
    title: 'Группы',
    text: 'Видеть ваши группы, добавлять, изменять и скрывать товары в них.',
    needed: true,
  },
  {
    name: 'PHOTO_CONTENT',
    title: 'Фотографии',
    text: 'Загружать фото товаров.',
    needed: true,
  },
  {
    name: 'LONG_ACCESS_TOKEN',
    title: 'Доступ надолго',
    text: 'Чтобы товары обновлялись без вашего участия. Без этого права доступ заканчивается через 30 дней.',
    needed: false,
  },
]

export const WORDS: Words = {
  purpose: 'Группа, куда попадут товары',
  need: 'Понадобится аккаунт администратора группы',
  intro:
    'Подключите ваш аккаунт в Одноклассниках, чтобы товары с кассы сами появлялись и обновлялись в вашей группе.',
  points: [
    'Вы перейдёте на сайт Одноклассников и подтвердите доступ.',
    'После подтверждения подключение настроится автоматически.',
    'Отключить аккаунт можно в любой момент.',
  ],
  promise:
    'Пароль от Одноклассников мы не видим. Сообщения не читаем, записи от вашего имени не публикуем.',
  step: 'Подключите аккаунт, который управляет группой.',
  done: ({ name }) => (name ? `Аккаунт: ${name}.` : 'Аккаунт подключён.'),
  afterDisconnect: 'Если отключить аккаунт, товары в группе останутся, но перестанут обновляться.',
  confirmDisconnect:
    'Синхронизация остановится. Товары в группе останутся, но цены и наличие перестанут обновляться.',
  removeByHand: 'Снять доступ можно в настройках Одноклассников, в списке внешних приложений.',
  removeUrl: 'https://ok.ru/settings/oauth',
  setup: [
    'Зарегистрируйте приложение в Одноклассниках: тип `External`, платформа `OAuth`. Три его значения придут на почту.',
    'Попросите для него права письмом на `api-support@ok.ru`: `VALUABLE_ACCESS`, `GROUP_CONTENT`, `PHOTO_CONTENT` и `LONG_ACCESS_TOKEN`. Расскажите, что товары переносит из кассы сам владелец группы.',
    'Укажите в приложении адрес возврата: {redirectUri}',
    'Впишите ID приложения, секретный и публичный ключ в переменные `OK_CLIENT_ID`, `OK_CLIENT_SECRET` и `OK_PUBLIC_KEY` и перезапустите EvoSync.',
  ],
  facts: ({ id, name }) => [
    { label: 'Профиль', value: name ?? 'Имя ещё не загрузилось' },
    ...(id ? [{ label: 'ID пользователя', value: id, code: true }] : []),
  ],
}

/** OK gives its rights by letter (docs/platforms/ok.md#signing-in). */
export const gateOf = (appId: string | undefined): Gate => ({
  scope: 'GROUP_CONTENT',
  codes: ['market_right_missing'],
  title: 'Одноклассники пока не дают приложению право «Группы»',
  text: 'Без этого права мы не можем добавлять товары в группу. Одноклассники выдают его приложениям по запросу, и сделать это может администратор EvoSync.',
  steps: [
    `Напишите на \`api-support@ok.ru\` и попросите права \`VALUABLE_ACCESS\`, \`GROUP_CONTENT\` и \`PHOTO_CONTENT\` для приложения${appId ? ` с ID \`${appId}\`` : ''}. Расскажите, что товары переносит из кассы сам владелец группы.`,
    'Когда права дадут, нажмите «Переподключить» на странице Одноклассников и оставьте все отметки.',
  ],
})
