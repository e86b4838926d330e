import { ONCE } from '../../config/platforms.ts'
import * as z from 'zod'
import { oneOf } from '../../config/variables.ts'
import { asObject, asText } from '../../http/answer.ts'
import { LABELS } from './labels.ts'
import type { Provider } from '../provider.ts'
import { commonSettings, type Platform } from '../platform.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'
import { judge } from '../verdicts.ts'
import { wixAuth } from './auth.ts'
import { usualWords } from '../words.ts'

const KEY = 'wix'

const settings = commonSettings.extend({
  SHARE_URL_ID: z.string().optional(),
  UNSIGNED: oneOf('refuse', 'accept').default('refuse'),
})

/** Wix: the owner installs our application on a site, and tokens are minted by the installation's ID. */
export const wix: Platform = {
  key: KEY,
  settings,
  labels: LABELS,
  create: (variables, baseUrl) => create(settings.parse(variables, ONCE), baseUrl),
}

function create(own: z.infer<typeof settings>, baseUrl: string): Provider {
  const { CLIENT_ID, CLIENT_SECRET, SHARE_URL_ID } = own
  const apiUrl = own.API_URL ?? 'https://www.wixapis.com'
  const unsigned = own.UNSIGNED === 'accept'

  return {
    key: KEY,
    title: 'Wix',
    icon: 'bi-window',
    tile: { ground: '#ececf0', ink: '#3c3c49' },
    words: WORDS,
    scopes: [
      {
        name: 'site', // rights are ticked in Wix's dashboard and never named to us
        title: 'Сведения о сайте',
        text: 'Видеть название и адрес сайта, а если вы разрешите, и почту владельца.',
        needed: true,
      },
    ],
    configured: Boolean(CLIENT_ID && CLIENT_SECRET),
    redirectUri: own.REDIRECT_URI ?? `${baseUrl}/${KEY}/callback`,
    ...(unsigned && { remarks: () => [UNSIGNED_REMARK] }),

    auth: wixAuth({
      appId: CLIENT_ID ?? '',
      secret: CLIENT_SECRET ?? '',
      installUrl: own.AUTHORIZE_URL ?? 'https://www.wix.com/app-installer',
      tokenUrl: own.TOKEN_URL ?? 'https://www.wixapis.com/oauth2/token',
      ...(SHARE_URL_ID && { shareUrlId: SHARE_URL_ID }),
      unsigned,
    }),
    deadAfter: 2, // what minting says after an uninstallation is not documented, so one refusal proves nothing

    // Wix's own SDK sends the bare token, without a scheme.
    sign: ({ headers, ...request }, { accessToken }) => ({
      ...request,
      headers: { ...headers, authorization: accessToken },
    }),

    identify: (api) => identify(api, apiUrl),
  }
}

/** dev.wix.com, Get App Instance. The owner's e-mail comes only with a right of its own. */
async function identify({ tokens, send }: Api, apiUrl: string): Promise<Account> {
  const body = judge(await send({ url: `${apiUrl}/apps/v1/instance` }))
  const site = asObject(body.site)
  const url = asText(site?.url)
  const name = asText(site?.siteDisplayName) ?? url
  const owner = asText(site?.ownerEmail) ?? asText(asObject(site?.ownerInfo)?.email)
  const id = asText(asObject(body.instance)?.instanceId) ?? tokens.refreshToken
  const { tenantId } = tokens.carried
  return {
    ...(id && { id }),
    ...(name && { name }),
    profile: { ...(url && { url }), ...(owner && { owner }), ...(tenantId && { tenantId }) },
  }
}

const WORDS = usualWords('Wix', {
  purpose: 'Каталог магазина на Wix',
  goal: 'чтобы EvoSync видел ваш сайт и следил за связью с ним',
  promise: 'Страницы и товары сайта не меняем.',
  removeByHand:
    'Чтобы снять доступ, удалите приложение EvoSync в панели управления сайтом Wix: Приложения → Управление приложениями.',
  removeUrl: 'https://manage.wix.com/',
  setup: [
    'Создайте приложение на [dev.wix.com](https://dev.wix.com/). В разделе OAuth очистите старые поля App URL и Redirect URL, если они заполнены.',
    'Разрешите приложению читать сведения о сайте. Адрес возврата нигде указывать не нужно, EvoSync передаёт его сам; он должен начинаться с `https://`: {redirectUri}',
  ],
  facts: ({ name, profile }) => [
    { label: 'Сайт', value: name ?? 'Название ещё не загрузилось' },
    ...[
      { label: 'Адрес', value: asText(profile.url) },
      { label: 'Почта владельца', value: asText(profile.owner) },
      { label: 'ID сайта', value: asText(profile.tenantId), code: true },
    ].flatMap(({ value, ...fact }) => (value ? [{ ...fact, value }] : [])),
  ],
})

const UNSIGNED_REMARK =
  'WIX_UNSIGNED=accept: мы верим возвратам без подписи Wix. Кто узнает ID установки на чужом сайте, сможет подключить этот сайт к своему аккаунту EvoSync. Если Wix подписывает возвраты, уберите эту переменную.'
