import type { Context } from '../../context.ts'
import type { Delivery } from '../../store/delivery-rows.ts'
import type { User } from '../../store/users.ts'
import type { Badge } from '../kit/badge.ts'
import type { Format } from '../kit/format.ts'

/** A line of the delivery log, in words. */
interface DeliveryLine {
  id: number
  createdAt: Date
  /** The event's name in the requests, and what it means. */
  event: string
  title: string
  badge: Badge
  answer: string
}

const SHOWN = 20

/** What the section of the account page shows about a person's webhook; `webhook` is undefined when there is none. */
export async function webhookSection(
  ctx: Context,
  user: User,
  { format, now }: { format: Format; now: Date },
) {
  const webhook = await ctx.webhooks.find(user.id)
  const deliveries = webhook ? await ctx.deliveries.latest(webhook.id, SHOWN) : []
  const lineOf = (delivery: Delivery): DeliveryLine => ({
    id: delivery.id,
    createdAt: delivery.createdAt,
    event: delivery.event,
    title: EVENTS[delivery.event] ?? delivery.event,
    badge: BADGES[delivery.status],
    answer: answerOf(delivery, format, now),
  })
  return { webhook, deliveries: deliveries.map(lineOf) }
}

const EVENTS: Record<string, string> = {
  'connection.connected': 'Аккаунт подключён',
  'connection.disconnected': 'Аккаунт отключён',
  'connection.lost': 'Доступ потерян',
  'connection.attention': 'Подключение требует внимания',
  'connection.unreachable': 'Проверка не прошла',
  'connection.recovered': 'Снова на связи',
  'sync.done': 'Товары перенесены',
  'sync.failed': 'Перенос не удался',
  'sync.paused': 'Перенос ждёт вас',
  'webhook.test': 'Проверочное сообщение',
}

const BADGES: Record<Delivery['status'], Badge> = {
  delivered: { word: 'Доставлено', tone: 'success', icon: 'bi-check-circle-fill' },
  pending: { word: 'Ждёт отправки', tone: 'secondary', icon: 'bi-hourglass-split' },
  failed: { word: 'Не доставлено', tone: 'danger', icon: 'bi-x-octagon-fill' },
}

function answerOf(
  { status, error, responseStatus, nextAttemptAt }: Delivery,
  format: Format,
  now: Date,
): string {
  const said = error ? (ERRORS[error] ?? 'Отправить не получилось') : ''
  const answer = responseStatus ? `Ответ ${responseStatus}` : said
  if (status !== 'pending' || !nextAttemptAt || !error) return answer
  return `${answer}. Повторим ${format.ahead(nextAttemptAt, now)}`
}

/** Codes of a try that failed without an answer's status. */
const ERRORS: Record<string, string> = {
  timeout: 'Нет ответа за 5 секунд',
  network: 'Не удалось соединиться',
  address_refused: 'Адрес ведёт во внутреннюю сеть, туда мы не отправляем',
  tls_error: 'Сертификат адреса не подходит',
  bad_response: 'Ответ слишком длинный',
  refused: 'На такой адрес запрос не отправить',
  secret_unreadable: 'Секрет не читается, создайте новый',
  switched_off: 'Вебхук выключен, отправка отменена',
}
