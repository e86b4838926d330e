import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Link } from '../../store/sync-links.ts'
import { goods } from '../kit/amounts.ts'
import type { Format } from '../kit/format.ts'

/** A store or a community on its platform's page, and how its goods fare. */
interface Carried {
  title: string
  rows: { id: number; name: string; text: string }[]
}

/** What is carried from or to a platform of the goods; undefined where there is nothing to tell. */
export async function summaryOf(
  ctx: Context,
  userId: number,
  { key, source, target }: Provider,
  { format, now }: { format: Format; now: Date },
): Promise<Carried | undefined> {
  if (!source && !target) return undefined
  const links = await ctx.syncLinks.list(userId)
  const shown = links.filter((link) => (source ? link.source : link.target) === key)
  if (shown.length === 0) return undefined
  if (source) {
    const rows = shown.map(async (link) => ({
      ...{ id: link.id, name: link.storeName },
      text: stockWords(link, await ctx.syncItems.count(link.id), format, now),
    }))
    return { title: 'Каталог', rows: await Promise.all(rows) }
  }
  const rows = shown.map(async (link) => ({
    ...{ id: link.id, name: link.communityName ?? link.storeName },
    text: `${goods(await ctx.syncItems.countCards(link.id))}, ${paceOf(link)}.`,
  }))
  return { title: 'Ваши сообщества', rows: await Promise.all(rows) }
}

function stockWords(link: Link, count: number, format: Format, now: Date): string {
  const { listedFrom } = link
  if (!listedFrom) return 'Каталог ещё не читали.'
  return `${goods(count)}, каталог обновлён ${format.dayTime(listedFrom, now)}.`
}

function paceOf({ paused, trouble, settings }: Link): string {
  if (trouble) return 'синхронизация ждёт вас'
  if (paused) return 'синхронизация приостановлена'
  return settings.everyMinutes === 0 ? 'синхронизация вручную' : 'синхронизация включена'
}
