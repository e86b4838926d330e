import { asText, badResponse } from '../http/answer.ts'
import { oauthPlatform } from './oauth-platform.ts'
import { commonSettings } from './platform.ts'
import { judge } from './verdicts.ts'
import { usualWords } from './words.ts'

/**
 * Яндекс ID: yandex.ru/dev/id. Written from its manual as remembered, never tried against the real service: whether
 * refresh tokens rotate, what a revoked token answers and whether `iss` is sent are unverified, so none is relied on.
 */
export const yandex = oauthPlatform('yandex', commonSettings, () => ({
  title: 'Яндекс',
  icon: 'bi-person-badge',
  tile: { ground: '#fff0d1', ink: '#8a5200' },
  words: usualWords('Яндекс', {
    purpose: 'Вход и профиль Яндекс ID',
    goal: 'чтобы входить в EvoSync без пароля',
    promise: 'Почту, диск и другие данные Яндекса не читаем.',
    removeByHand: 'Снять доступ можно в Яндекс ID, раздел «Доступ к данным».',
    removeUrl: 'https://id.yandex.ru/personal/data-access',
    setup: [
      'Создайте приложение на [oauth.yandex.ru](https://oauth.yandex.ru/), платформа «Веб-сервисы».',
      'Укажите Redirect URI: {redirectUri}',
      'Отметьте доступ к логину, имени и адресу почты.',
    ],
  }),
  scopes: [
    { name: 'login:info', title: 'Профиль', text: 'Видеть логин и имя.', needed: true },
    { name: 'login:email', title: 'Почта', text: 'Видеть адрес почты.', needed: false },
  ],
  authorizeUrl: 'https://oauth.yandex.ru/authorize',
  tokenUrl: 'https://oauth.yandex.ru/token',
  apiUrl: 'https://login.yandex.ru',
  oauth: { clientAuth: 'basic', pkce: 'S256' },
  signIn: { scopes: ['login:info', 'login:email'] },

  // The manual's scheme is «OAuth», not «Bearer».
  sign: (request, { accessToken }) => ({
    ...request,
    headers: { ...request.headers, authorization: `OAuth ${accessToken}` },
  }),

  identify: async (api, { apiUrl }) => {
    const answer = await api.send({ url: `${apiUrl}/info`, query: { format: 'json' } })
    const body = judge(answer)
    const id = asText(body.id)
    if (!id) throw badResponse('no id', answer)
    const name = asText(body.real_name) ?? asText(body.display_name) ?? asText(body.login)
    const address = asText(body.default_email)
    return {
      id,
      ...(name && { name }),
      ...(address && { email: { address, verified: true } }),
      profile: { login: asText(body.login) ?? '' },
    }
  },
}))
