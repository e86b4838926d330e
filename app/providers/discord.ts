import { asText, badResponse } from '../http/answer.ts'
import { oauthPlatform } from './oauth-platform.ts'
import { commonSettings } from './platform.ts'
import { judge, type Rule } from './verdicts.ts'
import { usualWords } from './words.ts'

/** Discord: docs.discord.com/developers/topics/oauth2, and its published server metadata. */
export const discord = oauthPlatform('discord', commonSettings, (_own, baseUrl) => ({
  title: 'Discord',
  icon: 'bi-discord',
  tile: { ground: '#e9eafd', ink: '#4046b8' },
  words: usualWords('Discord', {
    purpose: 'Аккаунт для входа',
    goal: 'чтобы EvoSync узнавал вас по нему',
    promise: 'Читаем только имя и адрес почты, сообщений и серверов не видим.',
    removeByHand: 'Снять доступ можно в Discord: Настройки → Авторизованные приложения.',
    setup: [
      'Откройте [Discord Developer Portal](https://discord.com/developers/applications), создайте приложение и перейдите в раздел OAuth2.',
      'Добавьте адрес возврата: {redirectUri}',
    ],
  }),
  scopes: [
    { name: 'identify', title: 'Профиль', text: 'Видеть ваше имя в Discord.', needed: true },
    { name: 'email', title: 'Почта', text: 'Видеть адрес вашей почты.', needed: false },
  ],
  signIn: { scopes: ['identify', 'email'] },
  authorizeUrl: 'https://discord.com/oauth2/authorize',
  tokenUrl: 'https://discord.com/api/oauth2/token',
  revokeUrl: 'https://discord.com/api/oauth2/token/revoke',
  apiUrl: 'https://discord.com/api/v10',
  oauth: { pkce: 'S256', issuer: 'https://discord.com', tokenHeaders: agent(baseUrl) },

  async identify(api, { apiUrl }) {
    const answer = await api.send({ url: `${apiUrl}/users/@me`, headers: agent(baseUrl) })
    const told = judge(answer, RULES, ({ code }) => asText(code))
    const [id, own, username, address] = TEXTS.map((name) => asText(told[name]))
    if (!id) throw badResponse('no id', answer)
    const name = own ?? username
    return {
      id,
      ...(name && { name }),
      profile: {},
      ...(address && told.verified === true && { email: { address, verified: true } }),
    }
  },
}))

const TEXTS = ['id', 'global_name', 'username', 'email'] as const

/** Odd agents are blocked on the way in; this form is asked for. */
const agent = (baseUrl: string) => ({ 'user-agent': `DiscordBot (${baseUrl}, 1.0)` })

/** The manual's JSON error codes. A 403 without one comes from what stands before Discord, not from Discord. */
const RULES: readonly Rule[] = [
  { error: /^50025$/, kind: 'dead' },
  { error: /^50026$/, kind: 'permission' },
  { status: 403, error: /^$/, kind: 'configuration' },
]
