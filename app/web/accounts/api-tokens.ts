import { type Request, type Response, Router } from 'express'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import type { ApiScope } from '../../store/api-tokens.ts'
import type { User } from '../../store/users.ts'
import { confirmed } from './confirm.ts'
import { check, type FieldErrors, fieldsOf, text, typed } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { STARTS } from '../kit/limits.ts'
import { signedIn } from '../kit/signed-in.ts'
import { DAY_MS, offered, TERMS, type TokensShown } from './api-tokens-view.ts'

/** More than anybody needs, and few enough to read. */
const MOST_TOKENS = 20

const form = z.object({
  'token-name': text('Название', 100),
  days: z.enum(TERMS.map(([days]) => days)).transform(Number),
})

/** Keys to the API, made and removed on the account page, which `show` renders. */
export function apiTokensRouter(
  ctx: Context,
  show: (req: Request, res: Response, shown: TokensShown) => Promise<void>,
): Router {
  const router = Router()

  router.post('/account/tokens', confirmed(ctx), async (req, res) => {
    const user = signedIn(res)
    await countOrRefuse(ctx, STARTS, `api-token ${user.id}`)
    const checked = check(form, req.body)
    const scopes = chosen(req, user)
    const errors = checked.ok ? await refusal(ctx, user, scopes) : checked.errors
    if (!checked.ok || errors) {
      const { 'token-name': name = '', days = '' } = typed(req.body, ['token-name', 'days'])
      await show(req, res.status(422), { errors: errors ?? {}, wish: { name, days, scopes } })
      return
    }
    const { 'token-name': name, days } = checked.values
    const expiresAt = days > 0 ? new Date(Date.now() + days * DAY_MS) : undefined
    const token = await ctx.apiTokens.add({ userId: user.id, name, scopes, expiresAt })
    await ctx.events.add({ event: 'api_token_made', userId: user.id, details: { scopes } })
    await show(req, res, { made: { name, token } })
  })
  router.post('/account/tokens/:id/remove', async (req, res) => {
    const { id } = signedIn(res)
    if (!(await ctx.apiTokens.remove(id, idOf(req.params)))) throw new NotFound('token')
    await ctx.events.add({ event: 'api_token_removed', userId: id })
    req.session.flash = {
      tone: 'ok',
      title: 'Токен удалён',
      text: 'Программы с ним больше ничего не получат.',
    }
    res.redirect(303, '/account')
  })

  return router
}

function chosen({ body }: Request, user: User): ApiScope[] {
  const fields = fieldsOf(body)
  return offered(user).filter((scope) => fields[`scope_${scope}`] === 'on')
}

async function refusal(
  ctx: Context,
  { id }: User,
  scopes: readonly ApiScope[],
): Promise<FieldErrors | undefined> {
  if (scopes.length === 0) return { 'scope-read': 'Отметьте хотя бы одно право' }
  const full = (await ctx.apiTokens.of(id)).length >= MOST_TOKENS
  return full ? { 'token-name': `Токенов уже ${MOST_TOKENS}: удалите ненужный` } : undefined
}
