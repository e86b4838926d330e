import { plainLine } from '../../catalogue/plain.ts'
import { asObject, asText } from '../../http/answer.ts'
import type { Community } from '../catalogue.ts'

/** Refusals that are about this list alone: the right `groups` is missing, or a person hides their communities. */
export const HIDDEN = new Set(['market_right_missing', 'groups_hidden'])

/** `club1`, `@shop`, `-1`, `https://vk.com/shop?w=1`: as people copy it. */
export function nameOf(typed: string): string | undefined {
  const text = typed.trim().replace(/^(https?:\/\/)?((www|m)\.)?vk\.(com|ru)\//i, '')
  const [name = ''] = text.replace(/^[@-]/, '').split(/[/?#]/)
  if (!/^[\w.]{1,64}$/.test(name)) return undefined
  return /^(?:club|public|event)(\d+)$/.exec(name)?.[1] ?? name
}

/** `club` and the number lead to a community of any type, whatever it is called. */
export const communityUrl = (domain: string, id: string): string =>
  `https://${domain}/club${encodeURIComponent(id)}`

/** None for what is no community any more. */
export function readGroup(value: unknown, domain: string): Community | undefined {
  const group = asObject(value)
  const id = asText(group?.id)
  if (!group || !id || group.deactivated !== undefined) return undefined
  const name = plainLine(asText(group.name) ?? '')
  return {
    id,
    name: name || (asText(group.screen_name) ?? `club${id}`),
    ...(!name && { unnamed: true }),
    url: communityUrl(domain, id),
    market: Number(asObject(group.market)?.enabled) === 1,
  }
}
