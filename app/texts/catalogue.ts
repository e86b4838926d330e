import type { GapsOf } from './gaps.ts'
import { filled, isTextCode, sayAny, type Text, TEXTS } from './index.ts'
import type { Filling } from './names.ts'
import type { PlatformName } from './name-gaps.ts'

/** Words for what can happen to a run and to a card: what happened, why, what to do now. Pages fill in the gaps. */
export interface SyncText extends Omit<Text, 'button'> {
  button: Text['button'] | 'settings' | 'open' | 'confirm' | 'help'
}

/** A run as a whole. */
const RUNS = {
  not_ready: {
    tone: 'info',
    title: 'Сначала подключите {p}',
    why: 'Без этого подключения товары не переносятся.',
    what: 'Подключите {p}, затем вернитесь к синхронизации.',
    button: 'connect',
  },
  no_mapping: {
    tone: 'info',
    title: 'Не выбрано сообщество',
    why: 'Мы не знаем, куда передавать товары.',
    what: 'Выберите магазин и сообщество в настройках.',
    button: 'settings',
  },
  already_running: {
    tone: 'info',
    title: 'Синхронизация уже идёт',
    why: 'Одновременно идёт только одна синхронизация.',
    what: 'Дождитесь окончания или остановите её.',
    button: 'open',
  },
  snapshot_stale: {
    tone: 'warn',
    title: 'Каталог изменился',
    why: 'Пока вы смотрели список, на кассе или {inP} что-то поменялось. Мы ничего не отправили.',
    what: 'Посмотрите обновлённый список и запустите ещё раз.',
    button: 'retry',
  },
  catalog_shrunk: {
    tone: 'warn',
    title: 'На кассе стало намного меньше товаров',
    why: 'Было {before}, сейчас {after}. Мы остановились, чтобы не скрыть лишнее.',
    what: 'Если так и задумано, подтвердите запуск. Если нет, проверьте каталог на кассе.',
    button: 'confirm',
  },
  too_many_items: {
    tone: 'bad',
    title: '{InP} закончилось место для товаров',
    why: 'В сообществе достигнут предел числа товаров. Перенесли {done} из {total}.',
    what: 'Удалите старые товары в сообществе или уберите часть групп в настройках.',
    button: 'settings',
  },
  interrupted: {
    tone: 'bad',
    title: 'Синхронизация прервана',
    why: 'Сервер перезапустился во время работы. Перенесли {done} из {total}.',
    what: 'Запустите ещё раз: уже перенесённые товары не задвоятся.',
    button: 'retry',
  },
  our_fault: {
    tone: 'bad',
    title: 'Ошибка на нашей стороне',
    why: 'Работу прервал сбой в EvoSync, сервисы здесь ни при чём. Перенесли {done} из {total}.',
    what: 'Запустите ещё раз: уже перенесённые товары не задвоятся. Если повторится, напишите администратору.',
    button: 'retry',
  },
  stopped: {
    tone: 'info',
    title: 'Синхронизация остановлена',
    why: 'Остановка по вашей просьбе. Перенесли {done} из {total}.',
    what: 'Запустите ещё раз, когда будете готовы.',
    button: 'retry',
  },
} as const satisfies Record<string, SyncText>

/** What passes by itself; `{again}` says when it is tried again, and by whom. */
const PASSING = {
  provider_unavailable: {
    tone: 'warn',
    title: '{P} временно не {отвечает|отвечают}',
    why: 'Запросы к сервису сейчас не проходят: сбой у него самого или на пути к нему. Подключение не потеряно.',
    what: '{again}',
    button: 'retry',
  },
  odd_answer: {
    tone: 'warn',
    title: '{P} {отвечает|отвечают} не так, как обычно',
    why: 'Ответ сервиса не удалось понять. Чаще всего это сбой на его стороне. Подключение не потеряно.',
    what: '{again} Если так продолжается больше часа, напишите администратору и назовите код.',
    button: 'retry',
  },
  renewal_waits: {
    tone: 'warn',
    title: 'Не получается продлить доступ к {toP}',
    why: 'Срок прежнего доступа закончился, а новый получить пока не удалось. Подключение не потеряно.',
    what: '{again} Если так продолжается больше часа, переподключите аккаунт.',
    button: 'retry',
  },
  no_way_out: {
    tone: 'warn',
    title: 'Сбой на нашей стороне',
    why: 'Запросы сейчас не уходят с сервера EvoSync, сервисы здесь ни при чём. Подключения не потеряны.',
    what: '{again} Если так продолжается, напишите администратору и назовите код.',
    button: 'retry',
  },
  rate_limited: {
    tone: 'warn',
    title: '{P} {просит|просят} подождать',
    why: 'За короткое время запросов было слишком много.',
    what: '{again}',
    button: 'retry',
  },
  provider_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} запросы EvoSync',
    why: 'Скорее всего, дело в настройках приложения, а не в вашем аккаунте. Подключение не потеряно.',
    what: '{again} Если это надолго, напишите администратору и назовите код.',
    button: 'retry',
  },
  tls_error: {
    tone: 'warn',
    title: 'Защищённое соединение не установлено',
    why: 'Наш сервер не доверяет сертификату, который {показывает|показывают} {p}.',
    what: '{again} Если это надолго, напишите администратору: на сервере может не хватать корневого сертификата.',
    button: 'retry',
  },
  address_refused: {
    tone: 'warn',
    title: 'Адрес сервиса закрыт для запросов',
    why: 'Адрес {ofP} ведёт во внутреннюю сеть, а туда EvoSync не обращается.',
    what: '{again} Напишите администратору и назовите код: ему нужно исправить адреса сервиса.',
    button: 'retry',
  },
  store_gone: {
    tone: 'warn',
    title: '{P} не {находит|находят} магазин',
    why: 'Сервис отвечает, что магазина «{store}» у него нет. Карточки остаются на месте.',
    what: '{again} Если магазин удалён, выберите другой в настройках.',
    button: 'settings',
  },
} as const satisfies Record<string, SyncText>

/** What keeps a connection or an end of the way from working; some of it is said of connections too. */
const STANDINGS = {
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
    why: 'Так сервис защищается от частых запросов. Мы сделали паузу, всё перенесённое на месте.',
    what: 'Откройте страницу проверки и нажмите на ней «Я не робот», затем вернитесь в EvoSync и нажмите {press}: пойдём дальше с того же места. {otherwise}',
    button: 'retry',
  },
  no_groups: {
    tone: 'warn',
    title: 'Нет сообществ, которыми вы управляете',
    why: 'В этом аккаунте нет сообществ, где вы администратор или редактор.',
    what: 'Попросите владельца сообщества дать вам роль или подключите другой аккаунт.',
    button: 'reconnect',
  },
  market_disabled: {
    tone: 'warn',
    title: 'В сообществе выключены товары',
    why: 'В «{group}» раздел «Товары» отключён.',
    what: 'Откройте управление сообществом, включите «Товары» и вернитесь сюда.',
    button: 'check',
  },
  group_access_lost: {
    tone: 'bad',
    title: 'Нет прав в сообществе «{group}»',
    why: 'Возможно, вашу роль сняли или понизили.',
    what: 'Попросите владельца вернуть роль администратора или редактора либо выберите другое сообщество.',
    button: 'settings',
  },
  no_stores: {
    tone: 'warn',
    title: '{P} не {отдаёт|отдают} ни одного магазина',
    why: 'В личном кабинете {ofP} нет магазинов, или приложение не установлено.',
    what: 'Проверьте магазин в личном кабинете {ofP} и нажмите «Обновить каталог».',
    button: 'check',
  },
  store_empty: {
    tone: 'warn',
    title: 'В магазине нет товаров',
    why: 'Список товаров магазина «{store}» пришёл пустым. Карточки остаются на месте.',
    what: 'Выполните обмен с облаком на кассе, затем нажмите «Обновить каталог».',
    button: 'check',
  },
} as const satisfies Record<string, SyncText>

/** Why a platform stops a run, for a while or until somebody does something. */
const REFUSALS = {
  flood: {
    tone: 'warn',
    title: '{P} {просит|просят} сделать паузу',
    why: 'За короткое время изменений было слишком много. Всё, что перенесли, на месте.',
    what: '{again} Если повторяется, запускайте синхронизацию реже.',
    button: 'none',
  },
  limit_reached: {
    tone: 'warn',
    title: '{P} на сегодня больше не {принимает|принимают} изменений',
    why: 'Число изменений за день ограничено, и предел достигнут. Всё, что перенесли, на месте.',
    what: '{again} Ничего не потеряется.',
    button: 'none',
  },
  too_fast: {
    tone: 'warn',
    title: '{P} {просит|просят} подождать',
    why: 'Слишком много запросов в секунду: возможно, этим же аккаунтом пользуется другая программа.',
    what: '{again} Если повторяется, отключите другие программы, которые меняют товары от вашего имени.',
    button: 'retry',
  },
  platform_fault: {
    tone: 'warn',
    title: '{P} временно {отвечает|отвечают} ошибкой',
    why: 'Сбой на стороне сервиса. Несколько попыток подряд не прошли.',
    what: '{again} Ваши товары не потеряны.',
    button: 'retry',
  },
  platform_slow: {
    tone: 'warn',
    title: '{P} не {успевает|успевают} ответить',
    why: 'Запрос занял слишком много времени, и чем он закончился, неизвестно.',
    what: '{again} Сначала мы сверим карточки, так что товар не задвоится.',
    button: 'retry',
  },
  confirmation_required: {
    tone: 'warn',
    title: '{P} {просит|просят} подтвердить действие',
    why: 'Сервис хочет убедиться, что изменения вносите вы.',
    what: 'Зайдите на сайт {ofP} под этим аккаунтом, подтвердите действие и нажмите «Проверить сейчас».',
    button: 'check',
  },
  market_right_missing: {
    tone: 'bad',
    title: '{P} не {даёт|дают} менять товары',
    why: 'У подключения нет права «Товары». Сервис выдаёт его приложениям только по запросу.',
    what: 'Переподключите аккаунт и оставьте все отметки. Если права в списке нет, попросите администратора EvoSync запросить его в поддержке {ofP} для разработчиков.',
    button: 'reconnect',
  },
  market_forbidden: {
    tone: 'bad',
    title: 'Нет доступа к товарам сообщества',
    why: 'Раздел «Товары» закрыт от изменений, или вашей роли в сообществе для этого мало.',
    what: 'Попросите владельца сообщества проверить раздел «Товары» и дать вам роль администратора или редактора.',
    button: 'check',
  },
  no_groups_right: {
    tone: 'warn',
    title: '{P} не {показывает|показывают} ваши сообщества',
    why: 'У подключения нет права «Сообщества», или список скрыт настройками приватности.',
    what: 'Впишите адрес или номер сообщества вручную либо переподключите аккаунт и оставьте все отметки.',
    button: 'reconnect',
  },
  groups_hidden: {
    tone: 'warn',
    title: 'Список сообществ скрыт',
    why: 'Так решают настройки приватности вашей страницы {ofP}.',
    what: 'Впишите адрес или номер сообщества вручную либо откройте список сообществ в настройках приватности.',
    button: 'none',
  },
  profile_private: {
    tone: 'warn',
    title: 'Профиль закрыт',
    why: 'Настройки приватности страницы {ofP} не пускают к нужным данным.',
    what: 'Откройте профиль в настройках приватности и нажмите «Проверить сейчас».',
    button: 'check',
  },
  community_unknown: {
    tone: 'bad',
    title: '{P} не {находит|находят} сообщество',
    why: 'Возможно, сообщество удалено, заблокировано или у него другой номер.',
    what: 'Проверьте, открывается ли сообщество, и выберите его в настройках ещё раз.',
    button: 'settings',
  },
  community_token: {
    tone: 'bad',
    title: 'Нужен ключ человека, а не сообщества',
    why: 'С ключом сообщества {p} товары менять не {разрешает|разрешают}.',
    what: 'Переподключите аккаунт, который управляет сообществом.',
    button: 'reconnect',
  },
  app_refused: {
    tone: 'bad',
    title: '{P} не {принимает|принимают} приложение EvoSync',
    why: 'Приложение отключено, заблокировано или у него не тот вид.',
    what: 'Напишите администратору и назовите код: ему нужно проверить приложение в кабинете разработчика {ofP}.',
    button: 'none',
  },
  address_banned: {
    tone: 'bad',
    title: '{P} не {принимает|принимают} запросы с нашего сервера',
    why: 'Адрес сервера EvoSync не входит в число разрешённых приложению.',
    what: 'Напишите администратору и назовите код: ему нужно добавить адрес сервера в настройки приложения {ofP}.',
    button: 'none',
  },
  method_unknown: {
    tone: 'bad',
    title: '{P} больше не {знает|знают} такого запроса',
    why: 'Скорее всего, сервис изменился, и EvoSync пора обновить.',
    what: 'Напишите администратору и назовите код. Ваши товары остаются на месте.',
    button: 'none',
  },
  request_refused: {
    tone: 'bad',
    title: '{P} не {понимает|понимают} запрос',
    why: 'Сервис сообщает: «{message}». Скорее всего, это ошибка EvoSync.',
    what: 'Напишите администратору и назовите код. Ваши товары остаются на месте.',
    button: 'none',
  },
  batch_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} несколько изменений сразу',
    why: 'Сервис сообщает: «{message}».',
    what: 'Ничего: дальше мы отправляем изменения по одному. {again}',
    button: 'retry',
  },
} as const satisfies Record<string, SyncText>

/** Why a card did not go or is not as it should be. */
const ITEMS = {
  name_too_short: {
    tone: 'warn',
    title: 'Название короче {titleLeast}',
    why: '{P} {принимает|принимают} от {titleLeast}, сейчас {n}.',
    what: 'Переименуйте товар на кассе и обновите каталог.',
    button: 'help',
  },
  name_too_long: {
    tone: 'warn',
    title: 'Название длиннее {titleMost}',
    why: '{P} {принимает|принимают} до {titleMost}, сейчас {n}.',
    what: 'Сократите название на кассе или включите «Обрезать длинные названия» в настройках.',
    button: 'settings',
  },
  description_too_short: {
    tone: 'warn',
    title: 'Описание короче {descriptionLeast}',
    why: '{P} {принимает|принимают} от {descriptionLeast}, сейчас {n}.',
    what: 'Дополните описание на кассе или задайте шаблон в настройках.',
    button: 'settings',
  },
  price_missing: {
    tone: 'warn',
    title: 'Не указана цена',
    why: 'На кассе у товара нет цены больше нуля.',
    what: 'Укажите цену на кассе и обновите каталог.',
    button: 'help',
  },
  price_by_rule: {
    tone: 'warn',
    title: 'Правило цены ничего не оставляет от цены',
    why: 'На кассе {price}, а после вашей скидки выходит не больше нуля.',
    what: 'Уменьшите скидку в правиле цены или задайте группе своё правило.',
    button: 'settings',
  },
  price_too_high: {
    tone: 'warn',
    title: 'Цена выше, чем {принимает|принимают} {p}',
    why: '{P} {принимает|принимают} цены до {limit}, а цена на кассе с вашим правилом больше.',
    what: 'Проверьте, нет ли лишних цифр в цене на кассе, и посмотрите правило цены в настройках.',
    button: 'help',
  },
  no_photo: {
    tone: 'warn',
    title: 'Нет фото',
    why: 'Подходящего фото для карточки нет, а без фото {p} товар не {принимает|принимают}.',
    what: 'Загрузите фото по умолчанию в настройках.',
    button: 'settings',
  },
  photo_unreachable: {
    tone: 'warn',
    title: 'Фото не загружается с кассы',
    why: 'Сервер, на котором лежит фото, сейчас не отвечает.',
    what: 'Ничего: при следующем запуске мы попробуем ещё раз.',
    button: 'none',
  },
  photo_withheld: {
    tone: 'warn',
    title: 'Фото не загружается с кассы',
    why: 'Сервер, на котором лежит фото, сейчас его не отдаёт.',
    what: 'Ничего: при следующем запуске мы попробуем ещё раз.',
    button: 'none',
  },
  photo_too_small: {
    tone: 'warn',
    title: 'Фото слишком маленькое',
    why: '{P} {принимает|принимают} от {photoLeast}, сейчас {w} × {h}.',
    what: 'Замените фото.',
    button: 'settings',
  },
  photo_unreadable: {
    tone: 'warn',
    title: 'Фото не открывается',
    why: 'Файл повреждён, или это не JPG, PNG, WebP, GIF, AVIF или TIFF.',
    what: 'Загрузите другой файл.',
    button: 'settings',
  },
  photo_not_now: {
    tone: 'warn',
    title: 'Фото пока не открыть',
    why: 'Серверу, на котором работает EvoSync, сейчас не хватает на это сил. Само фото может быть в порядке.',
    what: 'Загрузите его ещё раз через минуту. Фото с кассы возьмём при следующем запуске сами.',
    button: 'none',
  },
  photo_missing: {
    tone: 'warn',
    title: 'Фото с кассы не нашлось',
    why: 'По адресу, который называет касса, ничего нет или нас туда не пускают.',
    what: 'Загрузите фото на кассе ещё раз или задайте фото группы в настройках.',
    button: 'settings',
  },
  photo_elsewhere: {
    tone: 'warn',
    title: 'Фото с кассы недоступно',
    why: 'Его адрес ведёт в закрытую сеть или на другую страницу. Туда мы не ходим.',
    what: 'Загрузите фото на кассе ещё раз или задайте фото группы в настройках.',
    button: 'settings',
  },
  photo_of_group: {
    tone: 'info',
    title: 'Вместо фото с кассы взяли фото группы',
    why: 'Фото с кассы не прочитали: {cause}. Взяли фото группы.',
    what: 'Замените фото на кассе: как только мы его прочитаем, поставим его сами.',
    button: 'none',
  },
  photo_of_all: {
    tone: 'info',
    title: 'Вместо фото с кассы взяли фото по умолчанию',
    why: 'Фото с кассы не прочитали: {cause}. Взяли фото по умолчанию.',
    what: 'Замените фото на кассе: как только мы его прочитаем, поставим его сами.',
    button: 'none',
  },
  photo_left: {
    tone: 'info',
    title: 'Фото осталось прежним',
    why: 'Фото с кассы не прочитали: {cause}. На карточке осталось прежнее.',
    what: 'Замените фото на кассе: как только мы его прочитаем, поставим его сами.',
    button: 'none',
  },
  photo_too_large: {
    tone: 'warn',
    title: 'Фото слишком большое',
    why: 'Мы принимаем файлы до {n} МБ.',
    what: 'Уменьшите фото и загрузите ещё раз.',
    button: 'settings',
  },
  photo_too_many_pixels: {
    tone: 'warn',
    title: 'В фото слишком много точек',
    why: 'В нём {mp} мегапикселей, а файлы такого вида мы открываем до {most}.',
    what: 'Уменьшите фото до 3000 точек по длинной стороне и загрузите ещё раз.',
    button: 'settings',
  },
  photo_too_often: {
    tone: 'warn',
    title: 'Слишком много новых фото за час',
    why: 'Мы обрабатываем до 600 файлов в час от одного человека. То, что уже загружено, сохранилось.',
    what: 'Загрузите это фото позже: через {n} мин.',
    button: 'settings',
  },
  photo_too_many: {
    tone: 'warn',
    title: 'Больше фото не поместится',
    why: 'У вас уже {n} своих фото, больше мы не храним.',
    what: 'Уберите из настроек фото, которые больше не нужны, и сохраните. Через сутки после загрузки их место освободится.',
    button: 'settings',
  },
  bad_links: {
    tone: 'warn',
    title: 'Запрещённая ссылка в описании',
    why: '{P} {пропускает|пропускают} не все внешние адреса.',
    what: 'Уберите ссылку из описания.',
    button: 'help',
  },
  other_pair: {
    tone: 'info',
    title: 'Карточку уже ведёт другая пара',
    why: 'В этом же сообществе товар с таким же номером ведёт другая пара магазина и сообщества.',
    what: 'Если вести его должна эта пара, удалите ту или выберите в ней другое сообщество.',
    button: 'settings',
  },
  item_gone: {
    tone: 'info',
    title: 'Карточки {inP} больше нет',
    why: '{P} {отвечает|отвечают}, что такой карточки нет. Почему её не стало, мы не знаем.',
    what: 'Мы создадим карточку заново при следующей синхронизации.',
    button: 'none',
  },
  album_full: {
    tone: 'warn',
    title: 'Подборка заполнена',
    why: 'В подборке «{album}» больше нет места. Сам товар перенесён.',
    what: 'Создайте вторую подборку или поменяйте соответствие в настройках.',
    button: 'settings',
  },
  category_missing: {
    tone: 'warn',
    title: 'Не выбрана категория',
    why: '{P} не {принимает|принимают} товар без категории.',
    what: 'Выберите категорию в настройках.',
    button: 'settings',
  },
  item_forbidden: {
    tone: 'bad',
    title: 'Нет прав менять этот товар',
    why: 'Карточку создал другой администратор или сообщество сменило владельца.',
    what: 'Проверьте свою роль в сообществе.',
    button: 'help',
  },
  step_unreadable: {
    tone: 'warn',
    title: 'Не разобрали, что было задумано',
    why: 'Запись о том, что сделать с товаром, повреждена или оставлена другой версией EvoSync. По ней мы ничего не отправили.',
    what: 'Запустите синхронизацию ещё раз: мы заново сверим этот товар.',
    button: 'retry',
  },
  item_unknown: {
    tone: 'bad',
    title: '{P} не {принимает|принимают} товар',
    why: 'Сервис сообщает: «{message}».',
    what: 'Повторите позже. Если не поможет, напишите администратору и назовите код.',
    button: 'retry',
  },
  description_too_long: {
    tone: 'warn',
    title: 'Описание слишком длинное',
    why: '{P} не {принимает|принимают} описание такой длины, сейчас символов: {n}.',
    what: 'Сократите описание на кассе или шаблон в настройках.',
    button: 'settings',
  },
  price_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} цену',
    why: 'Сервис сообщает: «{message}».',
    what: 'Проверьте цену на кассе и правило цены в настройках.',
    button: 'settings',
  },
  sku_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} артикул',
    why: 'Сервис сообщает: «{message}».',
    what: 'Сократите артикул на кассе до 30 символов и обновите каталог.',
    button: 'help',
  },
  stock_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} остаток',
    why: 'Сервис сообщает: «{message}».',
    what: 'Проверьте остаток на кассе и обновите каталог.',
    button: 'help',
  },
  photo_used: {
    tone: 'warn',
    title: 'Фото уже стоит на другой карточке',
    why: '{P} {принимает|принимают} каждое загруженное фото только для одного товара.',
    what: 'Ничего: мы загрузим фото ещё раз при следующей синхронизации.',
    button: 'retry',
  },
  photo_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} фото',
    why: 'Сервис не сохраняет файл. Так бывает при сбое загрузки или из-за самого фото.',
    what: 'Повторите позже. Если не поможет, замените фото.',
    button: 'settings',
  },
  nothing_to_change: {
    tone: 'info',
    title: 'Карточка уже такая',
    why: '{InP} всё уже так, как на кассе.',
    what: 'Ничего: товар в порядке.',
    button: 'none',
  },
  already_there: {
    tone: 'info',
    title: 'Уже сделано',
    why: '{InP} всё уже на своём месте.',
    what: 'Ничего: товар в порядке.',
    button: 'none',
  },
  album_gone: {
    tone: 'info',
    title: 'Подборки {inP} больше нет',
    why: '{P} {отвечает|отвечают}, что такой подборки нет. Почему её не стало, мы не знаем. Сам товар на месте.',
    what: 'Мы создадим подборку заново при следующей синхронизации. Если она не нужна, выберите «Без подборки» в настройках.',
    button: 'settings',
  },
  album_forbidden: {
    tone: 'warn',
    title: 'Нет доступа к подборке',
    why: 'Менять эту подборку вам не разрешено. Сам товар перенесён.',
    what: 'Проверьте свою роль в сообществе или выберите другую подборку в настройках.',
    button: 'settings',
  },
  album_refused: {
    tone: 'warn',
    title: '{P} не {принимает|принимают} подборку',
    why: 'Сервис сообщает: «{message}». Сам товар перенесён.',
    what: 'Переименуйте группу на кассе или выберите другую подборку в настройках.',
    button: 'settings',
  },
  too_many_albums: {
    tone: 'warn',
    title: 'В сообществе слишком много подборок',
    why: 'Новую подборку {p} не {создаёт|создают}: достигнут предел. Сам товар перенесён.',
    what: 'Удалите лишние подборки в сообществе или направьте группы в одну подборку в настройках.',
    button: 'settings',
  },
  main_album: {
    tone: 'warn',
    title: 'Подборка главная, и её нельзя изменить так',
    why: '{P} не {даёт|дают} скрыть или сменить главную подборку.',
    what: 'Назначьте главной другую подборку в управлении сообществом или выберите другую в настройках.',
    button: 'settings',
  },
  variants_refused: {
    tone: 'warn',
    title: 'Товар объединён с другими вариантами',
    why: 'Карточка входит в группу вариантов, и {p} не {принимает|принимают} изменение.',
    what: 'Откройте карточку {inP}, уберите её из группы вариантов и запустите синхронизацию ещё раз.',
    button: 'retry',
  },
  dimensions_refused: {
    tone: 'warn',
    title: 'У карточки неполные размеры',
    why: '{P} {принимает|принимают} длину, ширину, высоту и вес только вместе.',
    what: 'Откройте карточку {inP} и заполните все четыре поля или очистите их.',
    button: 'help',
  },
  out_of_limits: {
    tone: 'warn',
    title: 'Превышен предел {ofP}',
    why: 'Сервис сообщает: «{message}».',
    what: 'Повторите позже. Если не поможет, уберите лишние карточки или подборки в сообществе.',
    button: 'retry',
  },
} as const satisfies Record<string, SyncText>

/** Why a product does not go, or its card takes its leave, with nothing wrong about it. */
const CHOICES = {
  gone: {
    tone: 'info',
    title: 'Товара нет на кассе',
    why: 'На кассе товара больше нет.',
    what: 'Ничего: если товар вернётся на кассу, вернём и карточку.',
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
const CONNECTIONS = {
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

/** Codes that nobody but the platform of the cards can have answered with. */
export const REFUSALS_OF_SHOPS: ReadonlySet<string> = new Set([
  ...Object.keys(REFUSALS),
  ...['captcha', 'no_groups', 'market_disabled', 'group_access_lost', 'too_many_items'],
])

/** Codes whose words tell of cards, and so name the platform of the cards, whoever failed. */
export const ABOUT_CARDS: ReadonlySet<string> = new Set([
  ...Object.keys({ ...ITEMS, ...CHOICES }),
  'snapshot_stale',
])

/** Said when nobody has found words for what happened: it claims nothing. */
const UNKNOWN: SyncText = {
  tone: 'warn',
  title: 'Не получилось',
  why: 'Причина нам пока не известна, поэтому мы её не называем.',
  what: 'Повторите позже. Если не поможет, напишите администратору и назовите код.',
  button: 'retry',
}

/** Words for every code of a run, a card, and a refusal of the goods' platform. */
export const SYNC_TEXTS = {
  ...RUNS,
  ...PASSING,
  ...STANDINGS,
  ...REFUSALS,
  ...ITEMS,
  ...CHOICES,
  ...CONNECTIONS,
}

/** The words for a code known here, with all of its gaps filled; see `say`. */
export const saySync = <Code extends SyncCode>(
  code: Code,
  ...[values]: Filling<GapsOf<(typeof SYNC_TEXTS)[Code]>>
): SyncText => filled<SyncText>(SYNC_TEXTS[code], values)

/**
 * The words for a code that only a run, a card or a platform's answer tells; neutral ones where there are none. What is not
 * given stays unsaid, as with `sayAny`.
 */
export function sayAnySync(
  code: string,
  platform: PlatformName | undefined,
  values: Readonly<Record<string, string | number>> = {},
): SyncText {
  const inside = Object.fromEntries(
    Object.entries<string | number>({ ...UNSAID, ...values }).map(([name, value]) => [
      name,
      String(value),
    ]),
  )
  if (isSyncCode(code)) return filled<SyncText>(SYNC_TEXTS[code], inside, platform)
  return isTextCode(code) ? sayAny(code, platform, inside) : UNKNOWN
}

/** What nobody has given. */
const UNSAID = {
  message: 'без пояснения',
  group: 'сообщество',
  store: 'магазин',
  since: 'последней проверки',
  expiresAt: 'неизвестного срока',
  retryAt: 'через несколько минут',
  ...planWords({}),
}

/** When it is tried again: by us at a moment, by the timetable, or not before a person presses something. */
export interface Plan {
  /** Of a run that rests. */
  resumes?: string | undefined
  /** Of the timetable's next run. */
  next?: string | undefined
}

/** The same as sentences, for the gaps of the texts. */
export function planWords({ resumes, next }: Plan) {
  if (resumes)
    return {
      again: `Ничего: следующая попытка ${resumes}, дальше мы продолжим сами.`,
      otherwise: `Если ничего не делать, попробуем сами ${resumes}.`,
      press: '«Продолжить»',
    }
  const again = next
    ? `Ничего: следующая попытка ${next}, по расписанию.`
    : 'Повторите через несколько минут.'
  return { again, otherwise: 'Сами мы повторить не сможем.', press: '«Повторить»' }
}

export type SyncCode = keyof typeof SYNC_TEXTS

/** Whether there are such words. */
export const isSyncCode = (code: string): code is SyncCode => Object.hasOwn(SYNC_TEXTS, code)
