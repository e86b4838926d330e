import type { Response } from 'express'
import type { SyncText } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import { toldOf } from '../../flows/notices/blamed-side.ts'
import { toldCode } from '../../flows/notices/failure-reason.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Link } from '../../store/sync-links.ts'
import { planWords } from '../../texts/catalogue.ts'
import { inWords, wordsOf } from './words.ts'

/** Why the goods do not go, and where a person does something about it. */
export interface ShownTrouble extends Omit<SyncText, 'button'> {
  code: string
  way?: { href: string; label: string; outside?: true }
}

/** A code of the texts with whose it is and what it is about. */
export interface NotedTrouble {
  code: string
  values?: Readonly<Record<string, string | number>>
  /** The key of the platform whose call failed; undefined: nobody's, or not noted. */
  platform?: string | undefined
  /** Where a person proves to be one. */
  link?: string | undefined
  /** When a run that rests goes on. */
  resumesAt?: Date | undefined
}

/** What is to be said of a failure that concerns the whole link. */
export function troubleOf(
  ctx: Context,
  link: Link,
  { code: noted, values = {}, platform, link: proof, resumesAt }: NotedTrouble,
  { format, now }: Response['locals'],
): ShownTrouble {
  const code = toldCode({ code: noted })
  const provider = toldOf(ctx, { platform, code }, link)
  const { nextRunAt } = link
  const { button, ...text } = wordsOf(code, provider, {
    ...planWords({
      resumes: resumesAt && format.ahead(resumesAt, now),
      next: nextRunAt && !link.paused ? format.ahead(nextRunAt, now) : undefined,
    }),
    group: link.communityName ?? '',
    store: link.storeName,
    ...inWords(values),
  })
  const way = proof ? proofOf(proof) : wayOut(code, button, provider, link)
  return { ...text, code, ...(way && { way }) }
}

const proofOf = (href: string) =>
  ({ href, label: 'Открыть страницу проверки', outside: true }) as const

const SEEN_ANEW = ['snapshot_stale', 'catalog_shrunk', 'stopped', 'interrupted', 'our_fault']
const OF_THE_COMMUNITY = ['market_disabled', 'market_forbidden', 'market_right_missing']

function wayOut(
  code: string,
  button: SyncText['button'],
  provider: Provider | undefined,
  { id }: Link,
): ShownTrouble['way'] {
  const settings = { href: `/sync/settings?link=${id}`, label: 'Открыть настройки' }
  const again = { href: `/sync/preview?link=${id}`, label: 'Посмотреть изменения' }
  if (code === 'snapshot_stale') return { ...again, label: 'Посмотреть обновлённый список' }
  if (SEEN_ANEW.includes(code)) return again
  if (OF_THE_COMMUNITY.includes(code))
    return { href: '/help#market', label: 'Что проверить в сообществе' }
  if (button === 'settings') return settings
  if (button === 'retry') return { ...again, label: 'Повторить' }
  return ofConnection(button, provider)
}

function ofConnection(
  button: SyncText['button'],
  provider: Provider | undefined,
): ShownTrouble['way'] {
  const all = { href: '/connections', label: 'Открыть подключения' }
  if (button === 'reconnect')
    return provider ? { href: `/${provider.key}/connect`, label: 'Переподключить' } : all
  if (button === 'connect')
    return provider ? { href: `/${provider.key}`, label: `Подключить ${provider.title}` } : all
  if (button === 'check')
    return provider ? { href: `/${provider.key}`, label: 'Открыть подключение' } : all
  return undefined
}
