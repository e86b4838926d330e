import type { Response } from 'express'
import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Farewell } from '../../flows/connections/disconnect.ts'
import { renew } from '../../flows/connections/renew.ts'
import { type Cause, causeOf } from '../../flows/notices/failure-reason.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import type { Flash } from '../../store/session-data.ts'
import { named } from '../../texts/names.ts'
import { wordsOf } from '../catalogue/words.ts'

export async function renewedFlash(
  ctx: Context,
  connection: Connection,
  provider: Provider,
): Promise<Flash> {
  try {
    await renew(ctx, connection, provider)
    return { tone: 'ok', title: 'Доступ продлён' }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const { title } = wordsOf(causeOf(error).code, provider)
    const text = `${title}. Ваше подключение не потеряно, следующая попытка будет сама.`
    return error.kind === 'dead'
      ? {
          tone: 'bad',
          title: 'Доступ продлить нельзя',
          text: named('Переподключите аккаунт {ofP}.', provider),
        }
      : { tone: 'warn', title: 'Продлить доступ сейчас не получилось', text }
  }
}

/** Nothing is known anew: why, and when we ask again. */
export function uncheckedFlash(provider: Provider, { code, retryAt }: Cause, res: Response): Flash {
  const { format, now } = res.locals
  const again = `Проверим ещё раз ${retryAt ? format.ahead(retryAt, now) : 'через минуту'}.`
  const { title, why } = wordsOf(code, provider)
  return { tone: 'warn', title, text: `${why} ${again} Подключение остаётся как было.` }
}

export function farewellFlash(provider: Provider, farewell: Farewell) {
  const { words } = provider
  const texts: Record<Farewell, string> = {
    revoked: 'Доступ отозван, ключи доступа удалены.',
    unreached: `Ключи доступа удалены. ${named('{P} не {подтвердил|подтвердили} отзыв', provider)}, поэтому доступ там мог остаться. ${words.removeByHand}`,
    by_hand: `Ключи доступа удалены. ${words.removeByHand}`,
  }
  return {
    tone: 'ok' as const,
    title: named('Аккаунт {ofP} отключён', provider),
    text: texts[farewell],
    ...(words.removeUrl &&
      farewell !== 'revoked' && {
        link: { href: words.removeUrl, label: named('Открыть настройки доступа {ofP}', provider) },
      }),
  }
}
