import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { API_SCOPES, type ApiScope } from '../../store/api-tokens.ts'
import type { User } from '../../store/users.ts'
import { confirmed } from './confirm.ts'
import { check, type FieldErrors, fieldsOf, text, typed } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { STARTS } from '../kit/limits.ts'
import { signedIn } from '../kit/session.ts'

const DAY_MS = 24 * 3600_000
/** More than anybody needs, and few enough to read. */
const MOST_TOKENS = 20

/** Days a token works, as the form has them. */
const TERMS = [
  ['30', '30 дней'],
  ['90', '90 дней'],
  ['365', 'Год'],
  ['0', 'Без срока'],
] as const

const form = z.object({
  'token-name': text('Название', 100),
  days: z.enum(TERMS.map(([days]) => days)).transform(Number),
})

/** What the account page shows of a person's API tokens. */
export interface TokensShown {
  made?: { name: string; token: string }
  errors?: FieldErrors
  /** What was typed, to be put right. */
  wish?: Wish
}

interface Wish {
  name: string
  /** One of those of the form. */
  days: string
  scopes: readonly ApiScope[]
}

const NO_WISH: Wish = { name: '', days: '90', scopes: ['read'] }

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

const WORDS: Record<ApiScope, { title: string; text: string }> = {
  read: { title: 'Смотреть', text: 'Какие сервисы подключены и работают ли они.' },
  tokens: {
    title: 'Получать доступ',
    text: 'Ключи доступа к подключённым сервисам: с ними программа действует от вашего имени.',
  },
  admin: { title: 'Настраивать сервисы', text: 'Добавлять, менять и удалять сервисы для всех.' },
}

/** The list and the form, as the view reads them. */
export async function tokensView(
  ctx: Context,
  user: User,
  { made, errors = {}, wish = NO_WISH }: TokensShown,
) {
  const tokens = await ctx.apiTokens.of(user.id)
  return {
    made,
    tokenErrors: errors,
    tokenName: wish.name,
    tokenDays: TERMS.map(([days, label]) => ({ days, label, chosen: days === wish.days })),
    apiTokens: tokens.map((token) => ({
      ...token,
      rights: token.scopes.map((scope) => WORDS[scope].title.toLowerCase()).join(', '),
    })),
    apiScopes: offered(user).map((name) => ({
      ...{ name, ticked: wish.scopes.includes(name) },
      ...WORDS[name],
    })),
  }
}

const offered = ({ role }: User) =>
  API_SCOPES.filter((scope) => scope !== 'admin' || role === 'admin')

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
