import type { Response } from 'express'
import type { Context } from '../../context.ts'
import type { StoredPlatform } from '../../store/custom-provider-rows.ts'
import { type FormValues, secretHint } from './provider-form.ts'
import type { findingInWords } from './finding-words.ts'
import type { FieldErrors } from '../kit/forms.ts'

/** What the form shows. */
interface Shown {
  values: FormValues
  /** The platform that is changed; absent for a new one. */
  stored?: StoredPlatform | undefined
  errors?: FieldErrors
  findings?: ReturnType<typeof findingInWords>[]
  /** The address typed for filling the form in, and whether that has just been done. */
  server?: string
  filled?: boolean
}

/** The form, empty, filled in or with what is wrong. */
export function showForm(ctx: Context, res: Response, shown: Shown) {
  const { stored, errors = {}, findings, server = '', filled = false } = shown
  const name = stored ? stored.title : 'Новый сервис'
  const failed = Object.keys(errors).length > 0
  res.render('admin/provider-form', {
    title: failed ? `Ошибка: ${stored ? name : name.toLowerCase()}` : name,
    heading: name,
    action: stored ? `/admin/providers/${stored.key}` : '/admin/providers',
    stored,
    values: shown.values,
    errors,
    findings,
    server,
    filled,
    problem: stored && ctx.providers.find(stored.key)?.problem,
    secretHint: secretHint(stored),
    redirectUri: `${ctx.config.baseUrl}/${callbackKey(shown)}/callback`,
    apiRedirectUri: `${ctx.config.baseUrl}/api/v1/oauth/callback/${callbackKey(shown)}`,
  })
}

/** The one it has, the one that is being typed, or the word for it. */
function callbackKey({ stored, values: { key = '' } }: Shown): string {
  if (stored) return stored.key
  return key === '' ? 'ключ' : key
}

/** What a removal takes along, and the question whether to. */
export async function showDelete(
  ctx: Context,
  res: Response,
  stored: StoredPlatform,
  errors: FieldErrors,
) {
  const { key, title } = stored
  const connections = await ctx.connections.count(key)
  const signInWays = await ctx.identities.count(key)
  const question = `Удалить сервис «${title}»?`
  res.render('admin/provider-delete', {
    title: errors.confirm ? `Ошибка: удалить сервис «${title}»` : question,
    question,
    stored,
    connections,
    signInWays,
    errors,
  })
}
