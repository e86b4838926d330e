import type { GapsOf } from './gaps.ts'
import { type Filling, fillNamed } from './names.ts'
import type { PlatformName } from './name-gaps.ts'

/** Words for every code: what happened, why, what to do now. Gaps of a platform's name are those of `NameGap`. */
export interface Text {
  tone: 'bad' | 'warn' | 'info'
  title: string
  why: string
  /** Follows «Что сделать:». */
  what: string
  /** The one button that goes with it. */
  button: 'connect' | 'reconnect' | 'check' | 'retry' | 'login' | 'forgot' | 'back' | 'none'
}

/** Coming back from a platform: `/<key>?error=<code>`. */
const CONNECTING = {
  invalid_state: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: 'Ссылка подтверждения устарела или открыта в другом браузере. Мы остановили подключение, чтобы никто не привязал чужой аккаунт.',
    what: 'Нажмите «{connect}» ещё раз и подтвердите доступ в этом же браузере.',
    button: 'connect',
  },
  token_exchange: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: 'Вы подтвердили подключение, но обменять подтверждение на доступ не получилось. Так бывает, если ответ {ofP} не удалось понять или если код подтверждения устарел: он действует недолго и срабатывает один раз.',
    what: 'Нажмите «{connect}» ещё раз. Если ошибка повторится, напишите администратору и назовите код.',
    button: 'connect',
  },
  no_token: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: '{P} {отвечает|отвечают}, но не {присылает|присылают} ключ доступа. Обычно так бывает из-за ошибки в настройках приложения.',
    what: 'Попробуйте через несколько минут. Если не поможет, напишите администратору: ему нужно проверить ID и секрет приложения.',
    button: 'connect',
  },
  no_code: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: '{P} {возвращает|возвращают} вас без кода подтверждения.',
    what: 'Нажмите «{connect}» ещё раз. Если ошибка повторится, напишите администратору и назовите код.',
    button: 'connect',
  },
  access_denied: {
    tone: 'info',
    title: 'Подключение отменено',
    why: 'Доступ не подтверждён. Ничего не изменилось.',
    what: 'Чтобы продолжить, нажмите «{connect}» и разрешите доступ.',
    button: 'connect',
  },
  insufficient_scope: {
    tone: 'warn',
    title: 'Доступ выдан не полностью',
    why: 'Не хватает прав: {scopes}. Без них синхронизация не заработает.',
    what: 'Нажмите «Переподключить» и оставьте все отметки.',
    button: 'reconnect',
  },
  profile_failed: {
    tone: 'warn',
    title: 'Аккаунт подключён, но профиль не загрузился',
    why: 'Доступ получен, а имя и фамилию {P} сейчас не {отдаёт|отдают}.',
    what: 'Ничего: мы повторим при следующей проверке.',
    button: 'back',
  },
  begun_elsewhere: {
    tone: 'info',
    title: 'Подключение начинается отсюда',
    why: 'Сюда вас привела ссылка с другого сайта. Чтобы никто не подключил вам чужой аккаунт {ofP}, дальше мы идём только по вашему нажатию.',
    what: 'Если хотите подключить {p}, нажмите на этой странице «{connect}».',
    button: 'none',
  },
  session_lost: {
    tone: 'warn',
    title: 'Войдите ещё раз',
    why: 'Пока вы подтверждали доступ, сеанс в EvoSync закончился. Аккаунт не подключён.',
    what: 'Войдите и нажмите «Подключить {p}» ещё раз.',
    button: 'login',
  },
  provider_unavailable: {
    tone: 'warn',
    title: '{P} временно не {отвечает|отвечают}',
    why: 'Запросы к сервису сейчас не проходят: сбой у него самого или на пути к нему. Ваше подключение не потеряно.',
    what: 'Ничего: следующая попытка {retryAt}, дальше мы продолжим сами.',
    button: 'retry',
  },
  rate_limited: {
    tone: 'warn',
    title: '{P} {просит|просят} подождать',
    why: 'Слишком много запросов за короткое время.',
    what: 'Ничего: мы повторим {retryAt}.',
    button: 'retry',
  },
  not_configured: {
    tone: 'info',
    title: 'Подключение ещё не настроено',
    why: 'Администратор ещё не добавил ключи приложения, поэтому подключить {p} пока нельзя.',
    what: 'Напишите администратору: {adminEmail}.',
    button: 'back',
  },
  provider_disabled: {
    tone: 'info',
    title: 'Подключение выключено',
    why: 'Администратор выключил этот сервис.',
    what: 'Если он вам нужен, напишите администратору: {adminEmail}.',
    button: 'back',
  },
  invalid_client: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: '{P} не {узнаёт|узнают} наше приложение: ID или секрет указаны неверно.',
    what: 'Напишите администратору и назовите код.',
    button: 'back',
  },
  redirect_mismatch: {
    tone: 'bad',
    title: 'Не получилось подключить {p}',
    why: 'Адрес возврата в настройках приложения не совпадает с адресом EvoSync.',
    what: 'Напишите администратору. Правильный адрес: {redirectUri}.',
    button: 'back',
  },
  app_scope_missing: {
    tone: 'bad',
    title: 'Приложению не разрешён доступ к товарам',
    why: '{P} не {пускает|пускают} наше приложение к методам товаров: у него нет одобренных прав.',
    what: 'Напишите администратору: ему нужно включить права «Сообщества» и «Товары» в кабинете разработчика.',
    button: 'back',
  },
  tls_error: {
    tone: 'bad',
    title: 'Защищённое соединение не установлено',
    why: 'Наш сервер не доверяет сертификату, который {показывает|показывают} {p}.',
    what: 'Напишите администратору: на сервере может не хватать корневого сертификата, например Минцифры.',
    button: 'back',
  },
  address_refused: {
    tone: 'bad',
    title: 'Адрес сервиса закрыт для запросов',
    why: 'Адрес {ofP} ведёт во внутреннюю сеть, а туда EvoSync не обращается. Ваш пароль и данные это не затронуло.',
    what: 'Напишите администратору и назовите код: ему нужно исправить адреса сервиса.',
    button: 'back',
  },
  account_changed: {
    tone: 'warn',
    title: 'Это другой аккаунт',
    why: 'Сейчас подключён {current}, а доступ вы подтвердили для {offered}. Пока ничего не изменилось.',
    what: 'Выберите, какой аккаунт оставить.',
    button: 'none',
  },
  token_refused: {
    tone: 'bad',
    title: 'Токен не подошёл',
    why: '{P} не {принимает|принимают} этот токен. Обычно он скопирован не целиком или приложение переустановили и токен сменился.',
    what: 'Скопируйте токен ещё раз целиком и вставьте его без пробелов.',
    button: 'none',
  },
  token_without_rights: {
    tone: 'bad',
    title: 'Этому токену не хватает прав',
    why: '{P} {отвечает|отвечают}, что по этому токену нужные данные не открыты. Токен мы не сохранили.',
    what: 'Проверьте в личном кабинете, что приложение установлено и ему выданы права, и вставьте токен ещё раз.',
    button: 'none',
  },
  token_unchecked: {
    tone: 'warn',
    title: 'Проверить токен не получилось',
    why: '{P} {отвечает|отвечают} не так, как обычно, и подходит ли токен, мы не узнали. Токен мы не сохранили.',
    what: 'Вставьте токен ещё раз через несколько минут. Если ошибка повторится, напишите администратору и назовите код.',
    button: 'none',
  },
  no_way_out: {
    tone: 'warn',
    title: 'Сбой на нашей стороне',
    why: 'Запросы сейчас не уходят с сервера EvoSync, сервисы здесь ни при чём. Подключения не потеряны.',
    what: 'Повторите через несколько минут. Если не поможет, напишите администратору и назовите код.',
    button: 'back',
  },
} as const satisfies Record<string, Text>

/** The same while there is nothing yet that would go on by itself; shown for the code of the same end. */
const BEGINNING = {
  connect_unavailable: {
    tone: 'warn',
    title: '{P} временно не {отвечает|отвечают}',
    why: 'Запросы к сервису сейчас не проходят: сбой у него самого или на пути к нему. Подключение пока не состоялось.',
    what: 'Подождите несколько минут и нажмите «{connect}» ещё раз: сами мы этого сделать не можем.',
    button: 'connect',
  },
  connect_rate_limited: {
    tone: 'warn',
    title: '{P} {просит|просят} подождать',
    why: 'Слишком много запросов за короткое время. Подключение пока не состоялось.',
    what: 'Подождите несколько минут и нажмите «{connect}» ещё раз: сами мы этого сделать не можем.',
    button: 'connect',
  },
} as const satisfies Record<string, Text>

/** What a check of an existing connection found. */
const HEALTH = {
  odd_answer: {
    tone: 'warn',
    title: '{P} {отвечает|отвечают} не так, как обычно',
    why: 'Ответ сервиса не удалось понять. Чаще всего это сбой на его стороне. Ваше подключение не потеряно.',
    what: 'Ничего: следующая попытка {retryAt}, дальше мы продолжим сами.',
    button: 'retry',
  },
  renewal_waits: {
    tone: 'warn',
    title: 'Не получается продлить доступ',
    why: 'Срок прежнего доступа к {toP} закончился, а новый получить пока не удалось. Ваше подключение не потеряно.',
    what: 'Ничего: следующая попытка {retryAt}. Если за час ничего не изменится, переподключите аккаунт.',
    button: 'retry',
  },
  unknown_trouble: {
    tone: 'warn',
    title: 'С подключением {ofP} что-то не так',
    why: 'Проверка не прошла, а причина нам пока не известна, поэтому мы её не называем.',
    what: 'Откройте страницу подключения и нажмите «Проверить сейчас». Если не поможет, напишите администратору и назовите код.',
    button: 'check',
  },
  token_revoked: {
    tone: 'bad',
    title: '{P} больше не {даёт|дают} доступ',
    why: 'Так бывает, если отозвать доступ в настройках сервиса, сменить пароль или завершить все сеансы. Данные не обновляются с {since}.',
    what: 'Переподключите аккаунт. Настройки синхронизации сохранятся.',
    button: 'reconnect',
  },
  token_expired: {
    tone: 'bad',
    title: 'Срок доступа закончился',
    why: 'Доступ действовал до {expiresAt}.',
    what: 'Переподключите аккаунт. Настройки сохранятся.',
    button: 'reconnect',
  },
  expires_soon: {
    tone: 'warn',
    title: 'Доступ скоро закончится',
    why: 'Доступ действует до {expiresAt}, и продлить его сами мы не можем.',
    what: 'Нажмите «Переподключить», это займёт минуту.',
    button: 'reconnect',
  },
  refresh_failed: {
    tone: 'warn',
    title: 'Не получается продлить доступ',
    why: 'Доступ ещё действует до {expiresAt}, но продление не проходит.',
    what: 'Если до {expiresAt} ничего не изменится, переподключите аккаунт.',
    button: 'reconnect',
  },
  user_blocked: {
    tone: 'bad',
    title: 'Аккаунт заблокирован',
    why: '{P} {сообщает|сообщают}, что страница удалена или заблокирована.',
    what: 'Восстановите страницу или подключите другой аккаунт.',
    button: 'reconnect',
  },
  validation_required: {
    tone: 'warn',
    title: 'Подтвердите, что это вы',
    why: '{P} {просит|просят} подтвердить вход.',
    what: 'Зайдите на сайт сервиса, пройдите проверку и нажмите «Проверить сейчас».',
    button: 'check',
  },
  captcha: {
    tone: 'warn',
    title: '{P} {просит|просят} подтвердить, что вы не робот',
    why: 'Так сервис защищается от частых запросов. Мы сделали паузу, подключение не потеряно.',
    what: 'Ничего: мы проверим ещё раз {retryAt}. Если проверку «Я не робот» просит и синхронизация, пройдите её по ссылке со страницы «Синхронизация».',
    button: 'retry',
  },
  token_unreadable: {
    tone: 'bad',
    title: 'Ключ доступа не читается',
    why: 'Сохранённый доступ повреждён или зашифрован другим ключом. Остальные подключения это не затронуло.',
    what: 'Переподключите аккаунт. Настройки сохранятся.',
    button: 'reconnect',
  },
  app_not_installed: {
    tone: 'warn',
    title: '{P} не {пускает|пускают} наше приложение',
    why: 'Приложение не установлено в личном кабинете или ему не выданы права на магазины.',
    what: 'Установите приложение в личном кабинете, разрешите ему читать магазины и нажмите «Проверить сейчас».',
    button: 'check',
  },
  store_blocked: {
    tone: 'warn',
    title: 'Приложение установлено не на всех кассах',
    why: '{P} {отвечает|отвечают}, но магазин с такими кассами не {отдаёт|отдают}. Доступ не потерян.',
    what: 'Установите приложение на все кассы магазина в личном кабинете и нажмите «Проверить сейчас».',
    button: 'check',
  },
  no_stores: {
    tone: 'warn',
    title: '{P} не {отдаёт|отдают} ни одного магазина',
    why: 'В личном кабинете {ofP} нет магазинов, или приложение не установлено.',
    what: 'Проверьте магазин в личном кабинете {ofP} и нажмите «Проверить сейчас».',
    button: 'check',
  },
  shop_frozen: {
    tone: 'warn',
    title: 'Магазин {ofP} заморожен',
    why: 'Доступ не потерян, но в замороженном магазине покупатели не видят товаров.',
    what: 'Зайдите в кабинет продавца, узнайте причину и нажмите «Проверить сейчас».',
    button: 'check',
  },
  provider_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} запросы EvoSync',
    why: 'Скорее всего, дело в настройках приложения, а не в вашем аккаунте. Ваше подключение не потеряно.',
    what: 'Ничего не нажимайте: проверки продолжаются сами. Если это надолго, назовите код администратору.',
    button: 'retry',
  },
  app_in_testing: {
    tone: 'warn',
    title: 'Доступ выдан только на неделю',
    why: 'Приложение, через которое EvoSync входит в {p}, работает в режиме тестирования: доступ действует только до {expiresAt}, и продлить его сами мы не можем.',
    what: 'Попросите администратора опубликовать экран согласия приложения, а потом переподключите аккаунт.',
    button: 'reconnect',
  },
  other_account: {
    tone: 'warn',
    title: 'Доступ принадлежит другому аккаунту',
    why: '{P} {отвечает|отвечают}, но {называет|называют} не тот аккаунт, который вы подключали.',
    what: 'Переподключите нужный аккаунт.',
    button: 'reconnect',
  },
} as const satisfies Record<string, Text>

/** Forms and their fields. */
const FORMS = {
  login_invalid: {
    tone: 'bad',
    title: 'Не получилось войти',
    why: 'Почта или пароль не подходят.',
    what: 'Проверьте раскладку и Caps Lock.',
    button: 'none',
  },
  login_locked: {
    tone: 'bad',
    title: 'Вход закрыт на {minutes}',
    why: 'Слишком много неверных попыток.',
    what: 'Попробуйте в {at} или восстановите пароль.',
    button: 'forgot',
  },
  email_taken: {
    tone: 'bad',
    title: 'Эта почта уже зарегистрирована',
    why: '',
    what: 'Войдите или восстановите пароль.',
    button: 'login',
  },
  email_invalid: {
    tone: 'bad',
    title: 'Укажите почту полностью, например marina@example.ru',
    why: '',
    what: '',
    button: 'none',
  },
  password_short: {
    tone: 'bad',
    title: 'Придумайте пароль от 12 символов: сейчас {n}',
    why: '',
    what: '',
    button: 'none',
  },
  password_common: {
    tone: 'bad',
    title: 'Этот пароль слишком известный, придумайте другой',
    why: '',
    what: '',
    button: 'none',
  },
  password_current: {
    tone: 'bad',
    title: 'Текущий пароль не подходит',
    why: '',
    what: '',
    button: 'none',
  },
  consent_required: {
    tone: 'bad',
    title: 'Без согласия на обработку данных зарегистрироваться нельзя',
    why: '',
    what: '',
    button: 'none',
  },
  required: { tone: 'bad', title: 'Заполните поле «{label}»', why: '', what: '', button: 'none' },
  password_long: {
    tone: 'bad',
    title: 'Пароль не длиннее 128 символов: сейчас {n}',
    why: '',
    what: '',
    button: 'none',
  },
  strange_signs: {
    tone: 'bad',
    title: 'Уберите невидимые знаки: они попали сюда при копировании',
    why: '',
    what: '',
    button: 'none',
  },
  too_long: {
    tone: 'bad',
    title: 'Слишком длинно: до {n} символов',
    why: '',
    what: '',
    button: 'none',
  },
  key_invalid: {
    tone: 'bad',
    title: 'Ключ пишут латиницей, цифрами и дефисом: от 2 до 32 знаков',
    why: '',
    what: '',
    button: 'none',
  },
  key_taken: {
    tone: 'bad',
    title: 'Этот ключ уже занят, придумайте другой',
    why: '',
    what: '',
    button: 'none',
  },
  icon_invalid: {
    tone: 'bad',
    title: 'Название значка начинается с bi-, например bi-plug',
    why: '',
    what: '',
    button: 'none',
  },
  url_unsafe: {
    tone: 'bad',
    title: 'Нужен адрес https:// вне внутренней сети',
    why: '',
    what: '',
    button: 'none',
  },
  path_invalid: {
    tone: 'bad',
    title: 'Путь пишут через точку, например data.user.id',
    why: '',
    what: '',
    button: 'none',
  },
  choice_invalid: {
    tone: 'bad',
    title: 'Выберите один из предложенных вариантов',
    why: '',
    what: '',
    button: 'none',
  },
  secret_again: {
    tone: 'bad',
    title: 'Впишите секрет ещё раз: адрес, на который он уходит, изменился',
    why: '',
    what: '',
    button: 'none',
  },
  people_connected: {
    tone: 'bad',
    title:
      'К сервису подключены люди, и их ключи доступа ушли бы на другой сервер: оставьте прежний или добавьте новый сервис',
    why: '',
    what: '',
    button: 'none',
  },
  changed_meanwhile: {
    tone: 'bad',
    title: 'Сервис уже изменил кто-то другой: откройте страницу заново',
    why: '',
    what: '',
    button: 'none',
  },
  confirm_key: {
    tone: 'bad',
    title: 'Впишите ключ сервиса точно: {label}',
    why: '',
    what: '',
    button: 'none',
  },
  issuer_unfound: {
    tone: 'bad',
    title: 'По этому адресу нет описания сервера, которое удалось бы прочитать. {found}',
    why: '',
    what: '',
    button: 'none',
  },
  issuer_mismatch: {
    tone: 'bad',
    title:
      'Описание сервера называет другой адрес, поэтому мы его не взяли: спросили {issuer}, а в {url} стоит {named}',
    why: '',
    what: '',
    button: 'none',
  },
  issuer_unnamed: {
    tone: 'bad',
    title:
      'Описание сервера не называет его имя, поэтому мы его не взяли: в {url} нет поля issuer. Впишите адреса вручную',
    why: '',
    what: '',
    button: 'none',
  },
  registration_closed: {
    tone: 'info',
    title: 'Регистрация закрыта',
    why: 'Новые аккаунты здесь заводит администратор.',
    what: 'Попросите администратора открыть регистрацию или завести вам аккаунт.',
    button: 'login',
  },
  reset_expired: {
    tone: 'warn',
    title: 'Ссылка уже не действует',
    why: 'Ссылка на новый пароль срабатывает один раз и действует недолго.',
    what: 'Запросите новую ссылку.',
    button: 'forgot',
  },
  last_admin: {
    tone: 'bad',
    title: 'Вы единственный администратор',
    why: 'Если удалить ваш аккаунт, управлять EvoSync будет некому.',
    what: 'Сначала назначьте другого администратора: npm run create-admin.',
    button: 'none',
  },
} as const satisfies Record<string, Text>

/** Signing in by a platform, and the ways of signing in. */
const SIGNING_IN = {
  sign_in_cancelled: {
    tone: 'info',
    title: 'Вход отменён',
    why: 'Вы не подтвердили вход через {p}. Ничего не изменилось.',
    what: 'Войдите паролем или попробуйте ещё раз.',
    button: 'login',
  },
  sign_in_stale: {
    tone: 'bad',
    title: 'Не получилось войти через {p}',
    why: 'Ссылка подтверждения устарела, уже сработала или открыта в другом браузере.',
    what: 'Начните ещё раз и подтвердите вход в этом же браузере.',
    button: 'login',
  },
  sign_in_unavailable: {
    tone: 'warn',
    title: '{P} временно не {отвечает|отвечают}',
    why: 'Подтвердить вход сейчас не получается. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем или попробуйте через несколько минут.',
    button: 'login',
  },
  sign_in_rate_limited: {
    tone: 'warn',
    title: '{P} {просит|просят} подождать',
    why: 'За короткое время запросов было слишком много. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем или попробуйте через несколько минут.',
    button: 'login',
  },
  sign_in_tls_error: {
    tone: 'bad',
    title: 'Не получилось войти через {p}',
    why: 'Наш сервер не доверяет сертификату, который {показывает|показывают} {p}. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем и напишите администратору: на сервере может не хватать корневого сертификата.',
    button: 'login',
  },
  sign_in_address_refused: {
    tone: 'bad',
    title: 'Не получилось войти через {p}',
    why: 'Адрес {ofP} ведёт во внутреннюю сеть, а туда EvoSync не обращается. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем и напишите администратору: ему нужно исправить адреса сервиса.',
    button: 'login',
  },
  sign_in_failed: {
    tone: 'bad',
    title: 'Не получилось войти через {p}',
    why: '{P} не {подтверждает|подтверждают} вход. Так бывает, если код устарел, если ответ сервиса не удалось понять или если в настройках приложения ошибка.',
    what: 'Попробуйте ещё раз. Если не поможет, войдите паролем и напишите администратору.',
    button: 'login',
  },
  sign_in_no_way_out: {
    tone: 'warn',
    title: 'Сбой на нашей стороне',
    why: 'Запросы сейчас не уходят с сервера EvoSync, сервисы здесь ни при чём. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем или попробуйте через несколько минут.',
    button: 'login',
  },
  sign_in_unset: {
    tone: 'info',
    title: 'Войти через {p} пока нельзя',
    why: 'Администратор ещё не добавил ключи приложения.',
    what: 'Войдите паролем.',
    button: 'login',
  },
  sign_in_disabled: {
    tone: 'info',
    title: 'Вход через {p} выключен',
    why: 'Администратор выключил этот способ входа. С вашим аккаунтом всё в порядке.',
    what: 'Войдите паролем. Если пароля нет, задайте его по ссылке «Не помню пароль».',
    button: 'login',
  },
  sign_in_unknown: {
    tone: 'info',
    title: 'Мы вас пока не знаем',
    why: 'Вход через {p} ещё не привязан ни к одному аккаунту, а подтверждённую почту {p} не {сообщает|сообщают}.',
    what: 'Войдите паролем и привяжите {p} в разделе «Аккаунт». Если вы здесь впервые, сначала зарегистрируйтесь.',
    button: 'login',
  },
  sign_in_email_taken: {
    tone: 'warn',
    title: 'Аккаунт с такой почтой уже есть',
    why: 'Почту в нём мы не проверяли, поэтому без пароля не впускаем: занять её заранее мог кто угодно.',
    what: 'Войдите паролем и привяжите {p} в разделе «Аккаунт». Забытый пароль можно восстановить.',
    button: 'login',
  },
  sign_in_taken: {
    tone: 'bad',
    title: 'Этот вход уже привязан к другому аккаунту',
    why: 'Аккаунтом {ofP}, который вы подтвердили, уже входят в другой аккаунт EvoSync. Ничего не изменилось.',
    what: 'Подтвердите другой аккаунт {ofP} или сначала отвяжите этот там, где он привязан.',
    button: 'none',
  },
  sign_in_other: {
    tone: 'bad',
    title: 'Это другой аккаунт {ofP}',
    why: 'Подтвердить надо тем аккаунтом {ofP}, которым вы сюда входите. Ничего не изменилось.',
    what: 'Выберите {inP} свой аккаунт и повторите.',
    button: 'none',
  },
  sign_in_closed: {
    tone: 'info',
    title: 'Регистрация закрыта',
    why: 'Новые аккаунты здесь заводит администратор.',
    what: 'Если аккаунт у вас есть, войдите паролем и привяжите {p} в разделе «Аккаунт». Если нет, напишите администратору.',
    button: 'login',
  },
  last_way: {
    tone: 'bad',
    title: 'Это ваш единственный способ входа',
    why: 'Если его отвязать, войти будет нечем.',
    what: 'Сначала задайте пароль или привяжите другой сервис.',
    button: 'none',
  },
  password_first: {
    tone: 'bad',
    title: 'Чтобы сменить почту, сначала задайте пароль',
    why: '',
    what: '',
    button: 'none',
  },
  email_other: {
    tone: 'bad',
    title: 'Это не почта вашего аккаунта',
    why: '',
    what: '',
    button: 'none',
  },
} as const satisfies Record<string, Text>

/** Error pages. */
const PAGES = {
  http_403: {
    tone: 'bad',
    title: 'Сюда нет доступа',
    why: 'Этот раздел открыт только администраторам.',
    what: 'Вернитесь к подключениям или попросите администратора выдать вам права.',
    button: 'back',
  },
  http_404: {
    tone: 'info',
    title: 'Такой страницы нет',
    why: 'Возможно, ссылка устарела или в адресе опечатка.',
    what: 'Вернитесь к подключениям.',
    button: 'back',
  },
  http_419: {
    tone: 'warn',
    title: 'Страница устарела',
    why: 'Форма была открыта слишком долго, и мы не приняли её ради вашей безопасности. Ничего не изменилось.',
    what: 'Откройте страницу заново и повторите действие.',
    button: 'retry',
  },
  http_429: {
    tone: 'warn',
    title: 'Слишком много запросов',
    why: 'Вы обращались к этой странице слишком часто.',
    what: 'Подождите {minutes} и повторите.',
    button: 'retry',
  },
  http_500: {
    tone: 'bad',
    title: 'Ошибка на нашей стороне',
    why: 'Сервер не справился с запросом. Подключения и товары не пострадали.',
    what: 'Повторите через минуту. Если не поможет, отправьте администратору номер запроса.',
    button: 'retry',
  },
  http_503: {
    tone: 'warn',
    title: 'EvoSync ненадолго занят',
    why: 'База данных сейчас не отвечает. Подключения и товары не пострадали.',
    what: 'Повторите через минуту.',
    button: 'retry',
  },
  http_413: {
    tone: 'warn',
    title: 'Слишком большой запрос',
    why: 'Столько данных в одной форме мы не принимаем.',
    what: 'Сократите текст, а фото загрузите по нескольку за раз, и отправьте ещё раз.',
    button: 'retry',
  },
  http_408: {
    tone: 'warn',
    title: 'Форма не дошла до конца',
    why: 'Связь оборвалась на середине, и мы перестали ждать. Ничего не изменилось.',
    what: 'Проверьте интернет и отправьте форму ещё раз.',
    button: 'retry',
  },
  uploads_full: {
    tone: 'warn',
    title: 'Сейчас загружают слишком много фото',
    why: 'Места для ваших файлов пока нет. Ничего не изменилось.',
    what: 'Подождите немного и отправьте форму ещё раз.',
    button: 'retry',
  },
  uploads_no_place: {
    tone: 'warn',
    title: 'Файлы негде сохранить',
    why: 'На сервере EvoSync кончилось место, или папка для временных файлов закрыта. Ничего не изменилось.',
    what: 'Сообщите администратору EvoSync и повторите позже.',
    button: 'retry',
  },
  files_full: {
    tone: 'warn',
    title: 'Этот файл уже читают',
    why: 'Мы отдаём по нескольку файлов за раз, и сейчас все места заняты.',
    what: 'Дождитесь конца прошлой загрузки или повторите через полминуты.',
    button: 'retry',
  },
  previews_full: {
    tone: 'warn',
    title: 'Сейчас сравнивают слишком много каталогов',
    why: 'Мы читаем кассу и сообщество целиком и делаем это для нескольких магазинов за раз. Ничего не изменилось.',
    what: 'Повторите через полминуты. Синхронизация по расписанию идёт своим чередом.',
    button: 'retry',
  },
  pictures_full: {
    tone: 'warn',
    title: 'Сейчас просят слишком много фото',
    why: 'Мы готовим по нескольку фото за раз, и очередь уже длинная.',
    what: 'Повторите через минуту.',
    button: 'retry',
  },
  upload_under_way: {
    tone: 'warn',
    title: 'Ваши фото уже загружаются',
    why: 'Файлы от одного человека мы принимаем по одной форме за раз. Эта форма не принята.',
    what: 'Дождитесь, пока сохранится первая, и отправьте эту ещё раз.',
    button: 'retry',
  },
  http_400: {
    tone: 'warn',
    title: 'Запрос не понят',
    why: 'В адресе или в форме есть знаки, которых там не должно быть.',
    what: 'Вернитесь к подключениям и повторите действие.',
    button: 'back',
  },
  http_405: {
    tone: 'info',
    title: 'Так эту страницу открыть нельзя',
    why: 'Это действие выполняется кнопкой на странице, а не ссылкой.',
    what: 'Вернитесь к подключениям.',
    button: 'back',
  },
} as const satisfies Record<string, Text>

/** As they are written, with their gaps. */
export const TEXTS = { ...CONNECTING, ...BEGINNING, ...HEALTH, ...FORMS, ...SIGNING_IN, ...PAGES }

export type TextCode = keyof typeof TEXTS

/** Whether there are words for a code that came from outside. */
export const isTextCode = (code: string): code is TextCode => Object.hasOwn(TEXTS, code)

/** Whether a code may stand in `/<key>?error=`. */
export const isConnectCode = (code: string): code is keyof typeof CONNECTING =>
  Object.hasOwn(CONNECTING, code)

/** The words for a code known here: each gap of its text is filled, and nothing else is given; or it does not compile. */
export const say = <Code extends TextCode>(
  code: Code,
  ...[values]: Filling<GapsOf<(typeof TEXTS)[Code]>>
): Text => filled<Text>(TEXTS[code], values)

/**
 * The words for a code that only a row, an address or a platform's answer tells. Its gaps cannot be known while compiling:
 * what the caller has is filled in, the rest is left neutral, and tests/http/texts-shown.test.ts shows every code.
 */
export const sayAny = (
  code: TextCode,
  platform: PlatformName | undefined,
  values: Readonly<Record<string, string>> = {},
): Text => filled<Text>(TEXTS[code], { ...UNSAID, ...values }, platform)

/** Where a caller does not know better: a connection may carry any code, one of an earlier version included. */
const UNSAID = {
  connect: 'Переподключить',
  adminEmail: 'его адрес знает тот, кто установил EvoSync',
  redirectUri: 'он стоит в настройках сервиса',
  current: 'один аккаунт',
  offered: 'другого',
  since: 'последней проверки',
  expiresAt: 'неизвестного срока',
  retryAt: 'через несколько минут',
}

/** Words with their gaps filled in; an unknown one stays as it is. */
export function filled<T extends Pick<Text, 'title' | 'why' | 'what'>>(
  text: T,
  values: Values = {},
  platform: PlatformName | undefined = values.platform,
): T {
  const fill = (words: string) => fillNamed(words, platform, values)
  return { ...text, title: fill(text.title), why: fill(text.why), what: fill(text.what) }
}

/** What fills the gaps of a text; `platform` those that a name fills. */
type Values = Readonly<Partial<Record<string, unknown>>> & { platform?: PlatformName }
