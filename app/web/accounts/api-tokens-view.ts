import type { Context } from '../../context.ts'
import { API_SCOPES, type ApiScope } from '../../store/api-tokens.ts'
import type { User } from '../../store/users.ts'
import type { FieldErrors } from '../kit/forms.ts'

export const DAY_MS = 24 * 3600_000

/** Days a token works, as the form has them. */
export const TERMS = [
  ['30', '30 дней'],
  ['90', '90 дней'],
  ['365', 'Год'],
  ['0', 'Без срока'],
] as const

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

export const offered = ({ role }: User) =>
  API_SCOPES.filter((scope) => scope !== 'admin' || role === 'admin')
