import * as z from 'zod'
import type { Context } from '../../context.ts'
import { canonicalEmail, isEmail } from '../../texts/emails.ts'
import { lengthOf, LONGEST } from '../../crypto/passwords.ts'
import { say } from '../../texts/index.ts'

/** What is wrong with a field, in words, in the order of the form. */
export type FieldErrors = Partial<Record<string, string>>

/** Either the values, trimmed and checked, or what to put right. */
export type Checked<T> = { ok: true; values: T } | { ok: false; errors: FieldErrors }

/** A field that has to be filled in; arrays and objects count as empty. */
export const text = (label: string, longest: number) =>
  z
    .string(say('required', { label }).title)
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => value !== '', say('required', { label }).title)
    .refine((value) => !/\p{Cc}/u.test(value), say('strange_signs').title)
    .refine((value) => value.length <= longest, say('too_long', { n: String(longest) }).title)

/** A field that may be left empty; the same limits. */
export const oneLine = (longest: number) =>
  z
    .unknown()
    .transform((value) => (typeof value === 'string' ? value.normalize('NFC').trim() : ''))
    .refine((value) => !/\p{Cc}/u.test(value), say('strange_signs').title)
    .refine((value) => value.length <= longest, say('too_long', { n: String(longest) }).title)

/** An address in its canonical spelling. */
export const email = z
  .string(say('email_invalid').title)
  .transform(canonicalEmail)
  .refine(isEmail, say('email_invalid').title)

/** A password as typed: never trimmed, never cut. */
export const password = z
  .string(say('required', { label: 'Пароль' }).title)
  .refine((value) => value !== '', say('required', { label: 'Пароль' }).title)
  .refine((value) => value.length <= LONGEST * 4, { error: ({ input }) => tooLong(String(input)) })

const tooLong = (chosen: string) => say('password_long', { n: String(lengthOf(chosen)) }).title

const LONGEST_FIELD = 1000

/** Checks a body that may be anything at all. */
export function check<T>(schema: z.ZodType<T>, body: unknown): Checked<T> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return { ok: true, values: result.data }
  const errors: FieldErrors = {}
  for (const { path, message } of result.error.issues) errors[String(path[0])] ??= message
  return { ok: false, errors }
}

/** The fields of a body, each of them anything at all; none where there is no body. */
export const fieldsOf = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}

/** What was typed, whatever it was; a password among it is never shown again. */
export function typed(
  body: unknown,
  names: readonly string[],
  longest = LONGEST_FIELD,
): Record<string, string> {
  const fields = fieldsOf(body)
  return Object.fromEntries(
    names.map((name) => {
      const value = fields[name]
      return [name, typeof value === 'string' ? value.slice(0, longest) : '']
    }),
  )
}

/** What is wrong with a new password, in words; `about` is who chose it. */
export function weakness(
  { passwords }: Pick<Context, 'passwords'>,
  chosen: string,
  about: { name?: string; email?: string },
): FieldErrors {
  const words = [about.name ?? '', about.email?.split('@')[0] ?? '']
  const code = passwords.weakness(chosen, words)
  return code ? { password: say(code, { n: String(lengthOf(chosen)) }).title } : {}
}
