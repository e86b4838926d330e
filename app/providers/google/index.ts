import {
  GOOGLE,
  GOOGLE_CONNECTIONS,
  GOOGLE_OAUTH,
  identifyAtGoogle,
  revokeAtGoogle,
} from './account.ts'
import { oauthPlatform } from '../oauth-platform.ts'
import { commonSettings } from '../platform.ts'
import { usualWords } from '../words.ts'

/**
 * A Google account: developers.google.com/identity/openid-connect. No `nonce` is sent and no id_token read: who it is
 * comes from userinfo, over TLS, for a code that PKCE binds to this very attempt (RFC 9700 §2.1.1).
 */
export const google = oauthPlatform('google', commonSettings, () => ({
  title: 'Google',
  icon: 'bi-google',
  tile: { ground: '#fdeae8', ink: '#b3311f' },
  words: usualWords('Google', {
    purpose: 'Аккаунт для входа',
    goal: 'чтобы EvoSync узнавал вас по нему',
    promise: 'Читаем только имя и адрес почты, писем и файлов не видим.',
    removeByHand: 'Снять доступ можно в аккаунте Google, раздел «Сторонние приложения и сервисы».',
    removeUrl: GOOGLE_CONNECTIONS,
    setup: [
      'Откройте [Google Cloud Console](https://console.cloud.google.com/apis/credentials) и создайте проект, отдельный от Search Console: отзыв доступа действует на весь проект.',
      'Создайте клиента OAuth (Web application) с адресом возврата: {redirectUri}',
    ],
  }),
  scopes: [
    { name: 'openid', title: 'Вход', text: 'Узнавать, что это вы.', needed: true },
    { name: 'email', title: 'Почта', text: 'Видеть адрес вашей почты.', needed: true },
    { name: 'profile', title: 'Имя', text: 'Видеть, как вас зовут.', needed: false },
  ],
  signIn: { scopes: ['openid', 'email', 'profile'] },
  ...GOOGLE,
  oauth: GOOGLE_OAUTH,
  auth: (_usual, at) => ({ revoke: revokeAtGoogle(at) }),

  async identify(api, at) {
    const account = await identifyAtGoogle(api, at)
    const name = account.name ?? account.email?.address
    return { ...account, ...(name && { name }) }
  },
}))
