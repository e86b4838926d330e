import type { Response } from 'express'
import type { Context } from '../../context.ts'
import type { BothEndpoints, Endpoint } from '../../flows/catalogue/endpoints.ts'
import { named } from '../../texts/names.ts'
import { isOpen, stateOf } from '../kit/state.ts'
import { wordsOf } from './words.ts'

/** What has to be done first: a platform that is not connected, or whose access is gone. */
export function hurdleOf(ctx: Context, { source, target }: BothEndpoints, res: Response) {
  const missing = [source, target].filter(({ connection }) => !connection)
  const [first] = missing
  if (first) {
    const { key, title } = first.provider
    return {
      title: `Сначала подключите ${missing.map(({ provider }) => provider.title).join(' и ')}`,
      text:
        missing.length > 1 ? 'Для синхронизации нужны оба подключения.' : otherEnd(source, target),
      href: isOpen(first.provider) ? `/${key}?redirect_path=/sync` : `/${key}`,
      label: `Подключить ${title}`,
    }
  }
  return [source, target].map((end) => brokenEnd(ctx, end, res)).find(Boolean)
}

export const UNPAIRED = {
  title: 'Не выбрано сообщество',
  text: 'Мы не знаем, куда передавать товары. Выберите магазин и сообщество в настройках.',
  href: '/sync/settings',
  label: 'Настроить синхронизацию',
}

function otherEnd(source: Endpoint, target: Endpoint): string {
  const [there, missing] = source.connection ? [source, target] : [target, source]
  const { provider, connection } = there
  const name = connection?.account.name
  const known = `${named('{P} уже {подключён|подключены}', provider)}${name ? `: ${name}` : ''}.`
  return `${known} Осталось указать, ${missing === target ? 'куда передавать товары' : 'откуда брать товары'}.`
}

function brokenEnd(ctx: Context, { provider, connection }: Endpoint, res: Response) {
  const state = stateOf(provider, connection, ctx.httpFor(provider).breaker, res.locals)
  if (state.name !== 'revoked' || !state.code) return undefined
  const { title, why, what } = wordsOf(state.code, provider, state.values)
  return {
    title,
    text: `${why} ${what}`,
    href: isOpen(provider) ? `/${provider.key}/connect?redirect_path=/sync` : `/${provider.key}`,
    label: 'Переподключить',
    severe: true,
  }
}
