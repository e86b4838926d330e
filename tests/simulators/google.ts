import {
  GOOGLE_TOKEN,
  GOOGLE_USERINFO,
  type GooglePerson,
  idTokenOf,
  INVALID_CREDENTIALS,
  startGoogleId,
} from './google/id.ts'
import type { OAuthSimulator } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

const PEOPLE: GooglePerson[] = [
  {
    id: '110248495921238986420',
    name: 'Марина Ковалёва',
    fullName: 'Марина Ковалёва',
    email: 'marina@example.ru',
    verified: true,
  },
  {
    id: '110248495921238986421',
    name: 'Олег Сомов',
    fullName: 'Олег Сомов',
    email: 'oleg@example.ru',
    verified: false,
  },
]

/** A Google account, for signing in and for connecting. */
export function startGoogle({ port = 0 } = {}): Promise<OAuthSimulator> {
  return startGoogleId(
    {
      key: 'google',
      title: 'Google',
      rights: { openid: 'Вход', email: 'Почта', profile: 'Имя' },
      checkAuthorize: ({ code_challenge, scope = '' }) => {
        if (!code_challenge) return 'code_challenge'
        return scope.split(' ').includes('openid') ? undefined : 'openid'
      },
      answer: (granted) => ({ id_token: idTokenOf(granted) }),
    },
    PEOPLE,
    () => undefined,
    port,
  )
}

export const stagings: readonly Staging[] = [{ name: 'Google', open: openStage }]

async function openStage(): Promise<Stage> {
  const google = await startGoogle()
  return {
    key: 'google',
    title: 'Google',
    first: 'Марина Ковалёва',
    second: { id: '110248495921238986421', name: 'Олег Сомов' },
    simulator: google,
    tokenPath: GOOGLE_TOKEN,
    probePath: GOOGLE_USERINFO,
    keys: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
    revoke: () => {
      google.revoke('110248495921238986420')
    },
    deadAnswer: { status: 401, body: JSON.stringify(INVALID_CREDENTIALS) },
  }
}
