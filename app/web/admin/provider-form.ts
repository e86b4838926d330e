import type { PlatformFaults, PlatformField } from '../../flows/platforms/platform-fields.ts'
import type { PlatformFault } from '../../flows/platforms/platform-schema.ts'
import type { PlatformChanges, StoredPlatform } from '../../store/custom-provider-rows.ts'
import { say } from '../../texts/index.ts'
import { type FieldErrors, fieldsOf, typed } from '../kit/forms.ts'

/** Fields of the form by the names flows use, and what the page calls them. */
const FIELDS: Record<PlatformField, readonly [name: string, label: string]> = {
  key: ['key', 'Ключ в адресе'],
  title: ['name', 'Название'],
  icon: ['icon', 'Значок'],
  clientId: ['client_id', 'ID приложения'],
  clientSecret: ['client_secret', 'Секрет'],
  authorizeUrl: ['authorize_url', 'Адрес авторизации'],
  tokenUrl: ['token_url', 'Адрес выдачи токена'],
  userinfoUrl: ['userinfo_url', 'Адрес проверки и профиля'],
  scope: ['scope', 'Права'],
  scopeDelimiter: ['scope_delimiter', 'Разделитель прав'],
  revokeUrl: ['revoke_url', 'Адрес отзыва'],
  issuer: ['issuer', 'Имя сервера'],
  issuerRequired: ['issuer_required', 'Имя сервера обязательно'],
  pkce: ['pkce', 'PKCE'],
  clientAuth: ['client_auth', 'Как передавать секрет'],
  idPath: ['id_path', 'Где номер аккаунта'],
  namePath: ['name_path', 'Где имя'],
  emailPath: ['email_path', 'Где почта'],
  enabled: ['enabled', 'Включён'],
  signIn: ['sign_in', 'Входить через этот сервис'],
  signInScope: ['sign_in_scope', 'Права для входа'],
}

const FLAGS: readonly PlatformField[] = ['issuerRequired', 'pkce', 'enabled', 'signIn']
const LONGEST_FIELD = 4_000

/** What the form shows, by the names of its fields; a switch that is off is an empty text. Never the secret. */
export type FormValues = Partial<Record<string, string>>

/** A form nobody has touched. */
export const EMPTY: FormValues = {
  icon: 'bi-plug',
  scope_delimiter: 'space',
  client_auth: 'body',
  pkce: 'on',
  enabled: 'on',
}

/** What a body means, unchecked. A box that is not ticked is not sent, so what is absent is off. */
export function inputOf(body: unknown): Record<string, unknown> {
  const sent = fieldsOf(body)
  const entries = Object.entries(FIELDS).map(([field, [name]]) => {
    const value = sent[name]
    if (FLAGS.includes(field as PlatformField)) return [field, value === 'on']
    return [field, field === 'scopeDelimiter' ? delimiterNamed(value) : value]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}

const delimiterNamed = (value: unknown) =>
  value === 'comma' ? ',' : value === 'space' ? ' ' : value

/** What was typed, to be shown again; the secret is not. */
export function typedValues(body: unknown): FormValues {
  const names = Object.values(FIELDS).map(([name]) => name)
  return { ...typed(body, names, LONGEST_FIELD), client_secret: '' }
}

/** What is stored, or was read from a server's description. */
export function valuesOf(platform: Partial<PlatformChanges & { key: string }>): FormValues {
  const shown = Object.entries(FIELDS).flatMap(([field, [name]]) => {
    const value = platform[field as PlatformField]
    if (field === 'clientSecret' || value === undefined) return []
    if (typeof value === 'boolean') return [[name, value ? 'on' : '']]
    return [[name, field === 'scopeDelimiter' ? (value === ',' ? 'comma' : 'space') : value]]
  })
  return Object.fromEntries(shown) as FormValues
}

/** Faults in words, at the fields of the page. */
export function errorsOf(faults: PlatformFaults): FieldErrors {
  const entries = Object.entries(faults) as [PlatformField, PlatformFault][]
  return Object.fromEntries(
    entries.map(([field, fault]) => {
      return [FIELDS[field][0], faultInWords(field, fault)]
    }),
  )
}

/** What is wrong with one field. */
export function faultInWords(field: PlatformField, fault: PlatformFault): string {
  const [, label] = FIELDS[field]
  return say(fault, { label, n: LONGEST_SAID[field] ?? '2000' }).title
}

const LONGEST_SAID: Partial<Record<PlatformField, string>> = {
  title: '100',
  icon: '64',
  clientId: '500',
  clientSecret: '500',
  idPath: '200',
  namePath: '200',
  emailPath: '200',
}

/** The stored secret may be kept by leaving the field empty. */
export const secretHint = (stored: StoredPlatform | undefined): string =>
  stored?.hasSecret
    ? 'Секрет сохранён и не показывается. Оставьте поле пустым, чтобы не менять его.'
    : 'Храним в зашифрованном виде и больше не показываем.'
