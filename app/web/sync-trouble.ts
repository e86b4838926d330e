import type { Response } from 'express'
import type { Context } from '../context.ts'
import type { Provider } from '../providers/provider.ts'
import type { Link } from '../store/sync-links.ts'
import type { SyncText } from '../texts-sync.ts'
import { platformsOf } from './sync-pair.ts'
import { inWords, wordsOf } from './sync-words.ts'

/** Why the goods do not go, and where a person does something about it. */
export interface Trouble extends Omit<SyncText, 'button'> {
  code: string
  way?: { href: string; label: string }
}

/** A code of the texts with what it is about. */
export interface Cause {
  code: string
  values?: Readonly<Record<string, string | number>>
  retryAt?: Date | undefined
}

/** What is to be said of a failure that concerns the whole link. */
export async function troubleOf(
  ctx: Context,
  link: Link,
  { code, values = {}, retryAt }: Cause,
  { format, now }: Response['locals'],
): Promise<Trouble> {
  const provider = await blamed(ctx, link, code)
  const { button, ...text } = wordsOf(code, {
    P: provider.title,
    p: provider.title,
    group: link.communityName,
    store: link.storeName,
    since: 'последней проверки',
    expiresAt: 'неизвестного срока',
    retryAt: retryAt ? format.ahead(retryAt, now) : 'позже',
    ...inWords(values),
  })
  const way = wayOut(code, button, provider, link)
  return { ...text, code, ...(way && { way }) }
}

const OF_THE_TILL = ['store_empty', 'no_stores', 'store_blocked', 'app_not_installed']
const SEEN_ANEW = ['snapshot_stale', 'catalog_shrunk', 'stopped', 'interrupted']
const OF_THE_COMMUNITY = ['market_disabled', 'market_forbidden', 'market_right_missing']

/** Whose failure it is: the till's where only that can be meant, or where the till does not let us in. */
async function blamed(ctx: Context, { userId }: Link, code: string): Promise<Provider> {
  const { source, target } = platformsOf(ctx)
  if (OF_THE_TILL.includes(code)) return source
  const till = await ctx.connections.find(userId, source.key)
  const shop = await ctx.connections.find(userId, target.key)
  const tillOnly = till?.isOnline !== true && shop?.isOnline === true
  return tillOnly || (code === 'not_ready' && !till) ? source : target
}

function wayOut(
  code: string,
  button: SyncText['button'],
  { key, title }: Provider,
  { id }: Link,
): Trouble['way'] {
  const settings = { href: `/sync/settings?link=${id}`, label: 'Открыть настройки' }
  const again = { href: `/sync/preview?link=${id}`, label: 'Посмотреть изменения' }
  if (code === 'snapshot_stale') return { ...again, label: 'Посмотреть обновлённый список' }
  if (SEEN_ANEW.includes(code)) return again
  if (OF_THE_COMMUNITY.includes(code))
    return { href: '/help#market', label: 'Что проверить в сообществе' }
  if (button === 'settings') return settings
  if (button === 'reconnect') return { href: `/${key}/connect`, label: 'Переподключить' }
  if (button === 'connect') return { href: `/${key}`, label: `Подключить ${title}` }
  if (button === 'check') return { href: `/${key}`, label: 'Открыть подключение' }
  return button === 'retry' ? { ...again, label: 'Повторить' } : undefined
}
