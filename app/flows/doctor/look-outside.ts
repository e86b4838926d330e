import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import { randomText } from '../../oauth/pkce.ts'
import { trialLetter } from '../notices/account-letters.ts'
import { bad, good, note, type Remark } from './remark.ts'

const TIMEOUT_MS = 6_000
const MOST_SKEW_MS = 60_000

/** What only others can tell: the mail server, the platforms that are set up, and the clock they go by. */
export async function lookOutside(ctx: Context): Promise<Remark[]> {
  const asked = ctx.providers.all.filter(({ configured, disabled }) => configured && !disabled)
  const [mail, ...answers] = await Promise.all([
    lookAtMail(ctx),
    ...asked.map((provider) => ask(ctx, provider)),
  ])
  const platforms =
    asked.length > 0
      ? answers.map(({ remark }) => remark)
      : [note('platforms', 'Ни один сервис не настроен.', 'Введите ключи в разделе «Сервисы».')]
  return [mail, ...platforms, clock(answers.flatMap(({ skewMs }) => skewMs ?? []))]
}

async function lookAtMail({ mail }: Context): Promise<Remark> {
  if (!mail) {
    const words = 'Почта не настроена: письма не уходят, новый пароль и приглашения выдаёте вы.'
    return note('mail', words, 'Задайте SMTP_URL, если письма нужны.')
  }
  const trouble = await mail.tryOut()
  if (!trouble) return good('mail', 'Почтовый сервер отвечает и пускает нас.')
  return bad('mail', `Письма не уходят (${trouble.code}).`, trouble.words)
}

/** A letter of trial, to an address somebody gives. */
export async function tryLetter({ config, mail }: Context, email: string): Promise<Remark> {
  if (!mail) return bad('mail', 'Проверочное письмо не ушло.', 'Задайте SMTP_URL.')
  try {
    await mail.send(trialLetter(config, { email, name: '' }))
    return good('mail', `Проверочное письмо ушло на ${email}.`)
  } catch {
    const { code = '', words = '' } = mail.state?.trouble ?? {}
    return bad('mail', `Проверочное письмо не ушло (${code}).`, words)
  }
}

interface Asked {
  remark: Remark
  skewMs?: number | undefined
}

/** Any answer is one; what the platform thinks of the keys «Проверить» on its page tells. */
async function ask(ctx: Context, provider: Provider): Promise<Asked> {
  const { auth, redirectUri, title } = provider
  const http = ctx.probeOf(provider)
  try {
    const { url } = auth.begin({ redirectUri, state: randomText() })
    const { headers } = await http.send({ url: url.origin, timeoutMs: TIMEOUT_MS })
    const date = Date.parse(String(headers.date))
    return {
      remark: good('platforms', `${title}: есть связь.`),
      skewMs: Number.isNaN(date) ? undefined : Date.now() - date,
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { remark: judged(title, error) }
  } finally {
    await http.close()
  }
}

function judged(title: string, { code, kind }: ProviderError): Remark {
  if (code === 'redirected') return good('platforms', `${title}: есть связь.`)
  const remedy =
    kind === 'temporary'
      ? 'Повторите через минуту; если связи нет ни с одним сервисом, проверьте сеть и DNS сервера.'
      : 'Проверьте адреса сервиса, OUTBOUND_ALLOW и сертификаты (NODE_EXTRA_CA_CERTS).'
  return bad('platforms', `${title}: связи нет (${code}).`, remedy)
}

function clock(skews: readonly number[]): Remark {
  const [least] = skews.toSorted((one, other) => Math.abs(one) - Math.abs(other))
  if (least === undefined) {
    return note('clock', 'Часы сверить не с кем.', 'Проверьте время сервера: timedatectl.')
  }
  const seconds = Math.round(Math.abs(least) / 1000)
  if (Math.abs(least) < MOST_SKEW_MS) return good('clock', 'Часы идут верно.')
  const words = `Часы сервера ${least > 0 ? 'спешат' : 'отстают'} на ${seconds} с.`
  return bad('clock', words, 'Включите синхронизацию времени: timedatectl set-ntp true.')
}
