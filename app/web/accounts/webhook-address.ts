import { isIP } from 'node:net'
import * as z from 'zod'
import type { Config } from '../../config/index.ts'
import { isPublic } from '../../http/guard.ts'
import { hostAndPort } from '../../config/platform-hosts.ts'
import { text } from '../kit/forms.ts'

const LONGEST = 500

/**
 * An address a person types, in its canonical spelling: https, no name and password in it, and not one of the inner
 * network as far as the spelling shows; where a name leads is judged at every connect. OUTBOUND_ALLOW lets through.
 */
export const webhookAddress = ({ typedHosts }: Pick<Config, 'typedHosts'>) =>
  text('Адрес', LONGEST).transform((typed, context) => {
    const problem = problemOf(typed, typedHosts)
    if (!problem) return new URL(typed).href
    context.addIssue({ code: 'custom', message: problem })
    return z.NEVER
  })

function problemOf(typed: string, typedHosts: readonly string[]): string | undefined {
  if (!URL.canParse(typed))
    return 'Укажите адрес полностью, например https://shop.example.ru/evosync'
  const url = new URL(typed)
  const { protocol, username, password, hash } = url
  if (username || password || hash) return 'Уберите из адреса имя, пароль и часть после знака #'
  if (/^https?:$/.test(protocol) && typedHosts.includes(hostAndPort(url))) return undefined
  if (protocol !== 'https:') return 'Нужен адрес, который начинается с https://'
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) && !isPublic(literal))
    return 'Этот адрес ведёт во внутреннюю сеть, туда мы не отправляем'
  return undefined
}
