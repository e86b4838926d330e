import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { ConnectFailed } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { beginSignIn, completeSignIn } from '../../flows/accounts/sign-in-with.ts'
import type { SignInFailure } from '../../flows/accounts/sign-in-ending.ts'
import type { Provider } from '../../providers/provider.ts'
import type { User } from '../../store/users.ts'
import { fieldsOf } from '../kit/forms.ts'
import { addressOf, SIGN_INS } from '../kit/limits.ts'
import { queryOf } from '../kit/paths.ts'
import { methodNotAllowed, Problem } from './problems.ts'
import { entrance, knowAgain } from '../kit/session.ts'
import { signInWords } from '../accounts/sign-in-words.ts'

/** A program asks its person to sign in again after half a day. */
const TOKEN_LIFE_S = 12 * 3600
const SCOPES = ['read', 'tokens'] as const

/** Plan 003's sign-in for programs: an address to open, and a callback that answers with a token of this API. */
export function signInApi(ctx: Context): Router {
  const router = Router()

  router
    .route('/oauth/login')
    .post(async (req, res) => {
      knowAgain(req)
      const url = await ctx.inOne(async (unit) => {
        await countOrRefuse(unit, SIGN_INS, addressOf(req))
        return await begin(unit, req, ctx.providers.get(wanted(req)))
      }, 'relaxed')
      res.json({ authorization_url: url.href })
    })
    .all(methodNotAllowed('POST'))
  router
    .route('/oauth/callback/:provider')
    .get(async (req, res) => {
      const provider = ctx.providers.get(req.params.provider)
      const { user, failure } = await completeSignIn(
        ctx,
        traveller(ctx, req, provider),
        queryOf(req),
        entrance(req),
      )
      if (!user) throw refusal(failure, provider)
      res.json(await tokenFor(ctx, res, user, provider))
    })
    .all(methodNotAllowed('GET'))

  return router
}

function wanted({ body }: Request): string {
  const { provider } = fieldsOf(body)
  if (typeof provider === 'string') return provider
  throw new Problem({
    status: 400,
    code: 'bad_request',
    title: 'Не сказано, каким сервисом войти',
    detail: 'Пришлите {"provider": "…"}.',
  })
}

/** One callback a platform, so that no answer of one is taken for another's (RFC 9700 §4.4). */
const traveller = ({ config }: Context, { sessionID }: Request, provider: Provider) =>
  ({
    provider,
    sessionId: sessionID,
    purpose: 'api',
    redirectUri: `${config.baseUrl}/api/v1/oauth/callback/${provider.key}`,
  }) as const

async function begin(ctx: Context, req: Request, provider: Provider): Promise<URL> {
  try {
    return await beginSignIn(ctx, traveller(ctx, req, provider))
  } catch (error) {
    if (error instanceof ConnectFailed)
      throw refusal(error.code === 'provider_disabled' ? error.code : 'not_configured', provider)
    throw error
  }
}

async function tokenFor(ctx: Context, res: Response, user: User, { title }: Provider) {
  const expiresAt = new Date(res.locals.now.getTime() + TOKEN_LIFE_S * 1000)
  const name = `Вход через ${title}`
  const access_token = await ctx.apiTokens.add({ userId: user.id, name, scopes: SCOPES, expiresAt })
  return {
    access_token,
    token_type: 'Bearer',
    expires_in: TOKEN_LIFE_S,
    scope: SCOPES.join(' '),
    user: { id: user.id, name: user.name, email: user.email },
  }
}

const STATUSES: Partial<Record<SignInFailure, number>> = {
  access_denied: 400,
  invalid_state: 400,
  provider_unavailable: 503,
  rate_limited: 503,
  no_way_out: 503,
  sign_in_failed: 502,
  tls_error: 502,
  address_refused: 502,
}

function refusal(failure: SignInFailure, provider: Provider): Problem {
  const words = signInWords(failure, provider)
  return new Problem({
    status: STATUSES[failure] ?? 409,
    code: failure,
    title: words.title,
    detail: `${words.why} ${words.what}`.trim(),
    ...(STATUSES[failure] === 503 && { retryAfter: 30 }),
  })
}
