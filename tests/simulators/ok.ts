import { addApi, isLong } from './ok/api.ts'
import { groupsOf } from './ok/groups.ts'
import { createHands } from './ok/hands.ts'
import { addUpload } from './ok/photos.ts'
import { addShopPage } from './ok/shop-page.ts'
import { createMarket, type OkMarket } from './ok/state.ts'
import { type OAuthSimulator, random, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

/** A strict Одноклассники: signed calls, rights as ticked, cards as the manual has them. */
export interface Ok extends OAuthSimulator, ReturnType<typeof createHands> {
  publicKey: string
  market: OkMarket
}

export const MARINA = { id: '575100000001', name: 'Марина Ковалёва' }
export const OLEG = { id: '575100000002', name: 'Олег Лавкин' }

const SHORT_LIFE_S = 1800
const LONG_LIFE_S = 30 * 24 * 3600

const RIGHTS = {
  VALUABLE_ACCESS: 'Основной доступ',
  LONG_ACCESS_TOKEN: 'Доступ надолго',
  GROUP_CONTENT: 'Группы',
  PHOTO_CONTENT: 'Фотографии',
  GET_EMAIL: 'Почта',
}

export async function startOk({ port = 0 } = {}): Promise<Ok> {
  const market = createMarket(groupsOf(MARINA.id, OLEG.id))
  const own = { ...createHands(market), market, publicKey: `C${random(9)}KEY` }
  const ok = (await startOAuth(
    {
      key: 'ok',
      title: 'Одноклассники',
      people: [MARINA, OLEG],
      authorizePath: '/oauth/authorize',
      tokenPath: '/oauth/token.do',
      rights: RIGHTS,
      scopeDelimiter: ';',
      clientAuth: 'body',
      lifeS: SHORT_LIFE_S,
      refreshes: true,
      rotates: false,
      checkAuthorize: ({ layout = 'w' }) => (/^[wma]$/.test(layout) ? undefined : 'layout'),
      answer: (granted) => ({
        token_type: 'session',
        scope: undefined,
        expires_in: isLong(granted) ? LONG_LIFE_S : SHORT_LIFE_S,
      }),
    },
    (app, oauth) => {
      const whole: Ok = Object.assign(oauth, own)
      lengthen(whole)
      addApi(app, whole)
      addUpload(app, market)
      addShopPage(app, market)
    },
    port,
  )) as Ok
  const { variables } = ok
  ok.variables = () => ({ ...variables(), OK_PUBLIC_KEY: ok.publicKey, OK_PER_SECOND: '1000' })
  return ok
}

/** With the right to it a session lives for thirty days. */
function lengthen({ tokens }: Ok) {
  const keep = tokens.set.bind(tokens)
  tokens.set = (token, granted) =>
    keep(token, {
      ...granted,
      expiresAt: Date.now() + (isLong(granted) ? LONG_LIFE_S : SHORT_LIFE_S) * 1000,
    })
}

/** With the right to long sessions, and without it. */
export const stagings: readonly Staging[] = [
  { name: 'Одноклассники', open: () => openStage() },
  {
    name: 'Одноклассники без долгого доступа',
    open: () => openStage('VALUABLE_ACCESS;GROUP_CONTENT;PHOTO_CONTENT'),
  },
]

async function openStage(scopes?: string): Promise<Stage> {
  const ok = await startOk()
  return {
    key: 'ok',
    title: 'Одноклассники',
    first: MARINA.name,
    second: OLEG,
    simulator: ok,
    tokenPath: '/oauth/token.do',
    probePath: '/fb.do',
    ...(!scopes && { renewsByProbe: true }),
    ...(scopes && { env: { ...ok.variables(), OK_SCOPES: scopes } }),
    keys: ['OK_CLIENT_ID', 'OK_CLIENT_SECRET', 'OK_PUBLIC_KEY'],
    revoke: () => {
      ok.revoke(MARINA.id)
    },
    deadAnswer: {
      body: '{"error_code":103,"error_msg":"PARAM_SESSION_KEY : Invalid session key","error_data":null}',
    },
  }
}
