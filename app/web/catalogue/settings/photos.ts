import type { Request } from 'express'
import type { Context } from '../../../context.ts'
import { keepPhoto } from '../../../flows/catalogue/keep-photo.ts'
import type { Reason } from '../../../catalogue/items.ts'
import { say } from '../../../texts/index.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { type FormFields, groupIn } from './fields.ts'
import type { SentPhotos } from './form.ts'
import { wordsOf } from '../words.ts'
import { uploadsOf } from '../../kit/uploads.ts'

/** Pictures of a form; `fields` are those that bring them along when the page is drawn anew. */
export interface ReadPhotos extends SentPhotos {
  errors: FieldErrors
  fields: FormFields
}

/**
 * Keeps the pictures that came with the form, one after the other, and notes those that came with an earlier sending of
 * it, or were taken away.
 */
export async function sentPhotos(
  ctx: Context,
  req: Request,
  fields: FormFields,
  { userId, signal, target }: { userId: number; signal: AbortSignal; target: PlatformName },
): Promise<ReadPhotos> {
  const errors: FieldErrors = {}
  const chosen = new Map<string, number | undefined>()
  for (const [name, value] of Object.entries(fields)) {
    const group = placeIn(name, 'photo_id')
    if (group === undefined || value === '') continue
    const own = /^\d{1,9}$/.test(value) && (await ctx.photos.find(userId, Number(value)))
    if (own) chosen.set(group, own.id)
    else errors[nameOf('photo', group)] = say('choice_invalid').title
  }
  for (const [name, value] of Object.entries(fields)) {
    const group = placeIn(name, 'photo_off')
    if (group !== undefined && value === 'on') chosen.set(group, undefined)
  }
  for (const { field, name, open } of uploadsOf(req)) {
    const group = placeIn(field, 'photo')
    if (group === undefined) continue
    const kept = await open((bytes) =>
      keepPhoto(ctx, userId, { name, ...(bytes && { bytes }) }, signal),
    )
    if ('refusal' in kept) errors[field] = refusalWords(kept.refusal, target)
    else chosen.set(group, kept.photo.id)
  }
  return { ...asPhotos(chosen), errors, fields: asFields(chosen) }
}

function asPhotos(chosen: ReadonlyMap<string, number | undefined>): SentPhotos {
  const groups = new Map(chosen)
  groups.delete('')
  return { ...(chosen.has('') && { photoId: chosen.get('') }), groups }
}

const asFields = (chosen: ReadonlyMap<string, number | undefined>): FormFields =>
  Object.fromEntries(
    [...chosen].map(([group, id]) =>
      id === undefined
        ? [nameOf('photo_off', group), 'on']
        : [nameOf('photo_id', group), String(id)],
    ),
  )

const nameOf = (field: string, group: string) => (group === '' ? field : `${field}[${group}]`)

/** Empty for the field of all groups, undefined for another field. */
const placeIn = (name: string, field: string): string | undefined =>
  name === field ? '' : name.startsWith(`${field}[`) ? groupIn(name) : undefined

function refusalWords({ code, values }: Reason, target: PlatformName): string {
  const { title, why } = wordsOf(code, target, values)
  return `${title}. ${why}`
}
