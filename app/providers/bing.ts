import { asObject, asText, badResponse } from '../http/answer.ts'
import { claimsOf } from '../oauth/claims.ts'
import { oauthPlatform } from './oauth-platform.ts'
import { commonSettings } from './platform.ts'
import type { Account } from './account.ts'
import { readEach } from './read-each.ts'
import { judge, type Rule } from './verdicts.ts'
import { usualWords } from './words.ts'

const settings = commonSettings.extend({ REFRESH_URL: commonSettings.shape.TOKEN_URL })

/** Bing Webmaster Tools: learn.microsoft.com/bingwebmaster/oauth2, and what integrators report. */
export const bing = oauthPlatform('bing', settings, ({ REFRESH_URL }) => ({
  title: 'Bing Webmaster',
  icon: 'bi-bing',
  tile: { ground: '#dff1f1', ink: '#0b6066' },
  words: usualWords('Bing Webmaster', {
    purpose: 'Как товары ищут в Bing',
    goal: 'чтобы видеть, как ваш сайт находят в поиске Bing',
    promise: 'Ваш сайт и настройки поиска не меняем.',
    removeByHand: 'Снять доступ можно в настройках Bing Webmaster, раздел API Access.',
    removeUrl: 'https://www.bing.com/webmasters/',
    setup: [
      'Откройте [Bing Webmaster](https://www.bing.com/webmasters/): Settings → API Access → OAuth Client.',
      'Создайте клиента с адресом возврата: {redirectUri}',
    ],
    table: ({ profile }) => sitesTable(profile),
  }),
  scopes: [
    {
      name: 'webmaster.read',
      title: 'Чтение',
      text: 'Видеть ваши сайты и отчёты о поиске.',
      needed: true,
    },
  ],
  authorizeUrl: 'https://www.bing.com/webmasters/oauth/authorize',
  tokenUrl: 'https://www.bing.com/webmasters/oauth/token',
  apiUrl: 'https://www.bing.com/webmaster/api.svc/json',
  ...(REFRESH_URL && { oauth: { refreshUrl: REFRESH_URL } }),
  deadAfter: 5, // good tokens are called invalid at times, and the very same call works a moment later

  /** No "who am I": the access token is a JWT that says it, the sites prove that it works. */
  async identify(api, { apiUrl }) {
    const answer = await api.send({ url: `${apiUrl}/GetUserSites` })
    if (answer.text.trim() === '') throw badResponse('empty', answer) // 202 without content
    const body = judge(answer, RULES, ({ ErrorCode }) => asText(ErrorCode))
    const { webmasteruid: id, webmasteremail: name } = claimsOf(api.tokens.accessToken)
    if (!('d' in body)) throw badResponse('no list of sites', answer)
    const list = Array.isArray(body.d) ? body.d : asObject(body.d)?.results
    const sites = readEach(api, 'sites', Array.isArray(list) ? list : [], (site) =>
      asText(asObject(site)?.Url),
    )
    return { ...named(asText(id), asText(name)), profile: { sites } }
  },
}))

/** Microsoft.Bing.Webmaster.Api.Interfaces.ApiErrorCode, and 17 and 18 as seen. */
const RULES: readonly Rule[] = [
  { error: /^(18|14)$/, kind: 'dead' },
  { error: /^(4|5|17)$/, kind: 'temporary', code: 'rate_limited' },
  { error: /^(6|13)$/, kind: 'permission' },
]

const named = (id?: string, name?: string): Pick<Account, 'id' | 'name'> => ({
  ...(id && { id }),
  ...(name && { name }),
})

function sitesTable({ sites }: Account['profile']) {
  if (!Array.isArray(sites) || sites.length === 0) return undefined
  return { title: 'Сайты', columns: ['Сайт'], rows: sites.map((site) => [String(site)]) }
}
