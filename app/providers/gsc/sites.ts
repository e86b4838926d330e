import { asObject, asText } from '../../http/answer.ts'
import { judgeGoogle } from '../google/errors.ts'
import type { Table } from '../platform-words.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'
import { readEach } from '../read-each.ts'

/** Where there are no sites, `siteEntry` is left out. */
export async function sitesOf(api: Api, apiUrl: string) {
  const { siteEntry } = judgeGoogle(await api.send({ url: `${apiUrl}/webmasters/v3/sites` }))
  return readEach(api, 'sites', Array.isArray(siteEntry) ? siteEntry : [], (entry) => {
    const url = asText(asObject(entry)?.siteUrl)
    return url ? { url, level: asText(asObject(entry)?.permissionLevel) ?? '' } : undefined
  })
}

/** The sites of an account's profile, with what its owner may do there. */
export function sitesTable({ profile }: Account): Table | undefined {
  if (!Array.isArray(profile.sites) || profile.sites.length === 0) return undefined
  const rows = profile.sites.map((site: unknown) => {
    const { url, level } = asObject(site) ?? {}
    return [plainAddress(asText(url) ?? ''), LEVELS.get(asText(level) ?? '') ?? 'Другой']
  })
  return { title: 'Сайты', columns: ['Сайт', 'Ваш доступ'], rows }
}

/** A whole domain is written `sc-domain:example.com`. */
const plainAddress = (url: string) => url.replace(/^sc-domain:(.*)$/, '$1 (весь домен)')

/** developers.google.com/webmaster-tools/v1/sites */
const LEVELS = new Map([
  ['siteOwner', 'Владелец'],
  ['siteFullUser', 'Полный'],
  ['siteRestrictedUser', 'Ограниченный'],
  ['siteUnverifiedUser', 'Не подтверждён'],
])
