import { oneOf } from '../config/variables.ts'
import { asText, badResponse } from '../http/answer.ts'
import { oauthPlatform } from './oauth-platform.ts'
import { commonSettings } from './platform.ts'
import { judge } from './verdicts.ts'
import { usualWords } from './words.ts'

const settings = commonSettings.extend({ PKCE: oneOf('on', 'off').default('off') })

/** The shortest six months there are: better warned a day early. */
const HALF_A_YEAR_S = 181 * 24 * 3600

/** Spotify: developer.spotify.com/documentation/web-api, code flow; confidential clients are documented without PKCE. */
export const spotify = oauthPlatform(
  'spotify',
  settings,
  ({ PKCE, REDIRECT_URI }, baseUrl) => ({
    title: 'Spotify',
    icon: 'bi-spotify',
    tile: { ground: '#dff4e5', ink: '#12683a' },
    words: usualWords('Spotify', {
      purpose: 'Аккаунт для входа',
      goal: 'чтобы EvoSync узнавал вас по нему',
      promise: 'Читаем только имя и адрес почты, вашу музыку не трогаем.',
      removeByHand: 'Снять доступ можно в аккаунте Spotify, раздел «Приложения».',
      removeUrl: 'https://www.spotify.com/account/apps/',
      setup: [
        'Откройте [Spotify for Developers](https://developer.spotify.com/dashboard) и создайте приложение (Web API).',
        'Добавьте адрес возврата: {redirectUri} (Spotify принимает https или 127.0.0.1, но не localhost).',
        'Пока приложение в режиме разработки, впишите людей поимённо: Settings → User Management.',
      ],
    }),
    scopes: [
      { name: 'user-read-private', title: 'Профиль', text: 'Видеть ваше имя.', needed: true },
      { name: 'user-read-email', title: 'Почта', text: 'Видеть адрес вашей почты.', needed: false },
    ],
    signIn: { scopes: ['user-read-private', 'user-read-email'] },
    authorizeUrl: 'https://accounts.spotify.com/authorize',
    tokenUrl: 'https://accounts.spotify.com/api/token',
    apiUrl: 'https://api.spotify.com/v1',
    // Refresh tokens end six months after the consent, renewed or not (developer.spotify.com/blog, 18 June 2026).
    oauth: {
      clientAuth: 'basic',
      refreshLifeS: HALF_A_YEAR_S,
      ...(PKCE === 'on' && { pkce: 'S256' }),
    },
    remarks: () => (isAccepted(REDIRECT_URI ?? baseUrl) ? [] : [NOT_ACCEPTED]),

    /** `account_id` is the lasting key; `id` is what older answers have. Spotify calls the address unverified. */
    async identify(api, { apiUrl }) {
      const answer = await api.send({ url: `${apiUrl}/me` })
      const told = judge(answer)
      const id = asText(told.account_id) ?? asText(told.id)
      const address = asText(told.email)
      if (!id) throw badResponse('no id', answer)
      return {
        id,
        name: asText(told.display_name) ?? id,
        profile: {},
        ...(address && { email: { address, verified: false } }),
      }
    },
  }),
  {
    PKCE: { label: 'Защита кода (PKCE)', options: { off: 'Нет', on: 'Да' } },
  },
)

/** developer.spotify.com/documentation/web-api/concepts/redirect_uri */
const isAccepted = (address: string) => /^(https:|http:\/\/(127\.|\[::1\]))/.test(address)

const NOT_ACCEPTED =
  'Spotify не принимает адрес возврата с localhost и без https: откройте EvoSync по адресу вида http://127.0.0.1:3000 и задайте его в BASE_URL.'
