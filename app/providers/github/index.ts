import { checkRevoked } from '../../oauth/oauth2.ts'
import { basic } from '../../oauth/token-endpoint.ts'
import { DEAD } from '../../oauth/token-answer.ts'
import { headers, identifyAtGitHub } from './account.ts'
import { oauthPlatform } from '../oauth-platform.ts'
import { commonSettings } from '../platform.ts'
import { usualWords } from '../words.ts'

/** GitHub: docs.github.com, authorizing OAuth apps; the tokens of GitHub Apps, which end and rotate, are taken too. */
export const github = oauthPlatform('github', commonSettings, (own) => ({
  title: 'GitHub',
  icon: 'bi-github',
  tile: { ground: '#e8eaee', ink: '#24292f' },
  words: usualWords('GitHub', {
    purpose: 'Аккаунт для входа',
    goal: 'чтобы EvoSync узнавал вас по нему',
    promise: 'Читаем только имя и адрес почты, репозиториев не трогаем.',
    removeByHand: 'Снять доступ можно в настройках GitHub: Settings → Applications.',
    removeUrl: 'https://github.com/settings/applications',
    setup: [
      'Откройте [GitHub](https://github.com/settings/developers): Settings → Developer settings → OAuth Apps → New OAuth App.',
      'Укажите адрес возврата (Authorization callback URL): {redirectUri}',
    ],
  }),
  scopes: [
    { name: 'read:user', title: 'Профиль', text: 'Видеть ваш профиль.', needed: true },
    { name: 'user:email', title: 'Почта', text: 'Видеть адреса вашей почты.', needed: false },
  ],
  signIn: { scopes: ['read:user', 'user:email'] },
  authorizeUrl: 'https://github.com/login/oauth/authorize',
  tokenUrl: 'https://github.com/login/oauth/access_token',
  apiUrl: 'https://api.github.com',
  oauth: {
    pkce: 'S256',
    issuer: 'https://github.com/login/oauth', // sent at times: none is as good as this one, any other is refused
    silentScope: true, // the rights of a GitHub App stand in its settings
    errors: {
      bad_verification_code: DEAD,
      bad_refresh_token: DEAD,
      incorrect_client_credentials: { code: 'invalid_client', kind: 'configuration' },
    },
  },
  auth: (_usual, { apiUrl }) => ({
    // The whole grant, not this token alone: a person who disconnects expects no more.
    async revoke(http, { accessToken }) {
      const id = own.CLIENT_ID ?? ''
      const answer = await http.send({
        url: `${apiUrl}/applications/${id}/grant`,
        method: 'DELETE',
        headers: { ...headers, authorization: basic(id, own.CLIENT_SECRET ?? '') },
        json: { access_token: accessToken },
      })
      checkRevoked(answer, [404, 422])
    },
  }),

  identify: identifyAtGitHub,
}))
