import type { Request } from 'express'
import type { Context } from '../context.ts'
import { keepPhoto } from '../flows/keep-photo.ts'
import type { Reason } from '../sync/items.ts'
import type { FieldErrors } from './forms.ts'
import type { Fields } from './sync-fields.ts'
import type { SentPhotos } from './sync-settings-form.ts'
import { wordsOf } from './sync-words.ts'
import { uploadsOf } from './uploads.ts'

/** Keeps the pictures that came with the form, one after the other, and notes those that were taken away. */
export async function sentPhotos(
  ctx: Context,
  req: Request,
  fields: Fields,
  { userId, signal }: { userId: number; signal: AbortSignal },
): Promise<SentPhotos & { errors: FieldErrors }> {
  const errors: FieldErrors = {}
  const groups = new Map<string, number | undefined>()
  const general: { photoId?: number | undefined } = {}
  const note = (group: string, id: number | undefined) => {
    if (group === '') general.photoId = id
    else groups.set(group, id)
  }
  for (const [name, value] of Object.entries(fields)) {
    const group = groupIn(name, 'photo_off')
    if (group !== undefined && value === 'on') note(group, undefined)
  }
  for (const { field, ...file } of uploadsOf(req)) {
    const group = groupIn(field, 'photo')
    if (group === undefined) continue
    const kept = await keepPhoto(ctx, userId, file, signal)
    if ('refusal' in kept) errors[field] = refusalWords(kept.refusal)
    else note(group, kept.photo.id)
  }
  return { ...general, groups, errors }
}

/** Empty for the field of all groups, undefined for another field. */
function groupIn(name: string, field: string): string | undefined {
  if (name === field) return ''
  return name.startsWith(`${field}[`) && name.endsWith(']')
    ? name.slice(field.length + 1, -1)
    : undefined
}

function refusalWords({ code, values }: Reason): string {
  const { title, why } = wordsOf(code, values)
  return `${title}. ${why}`
}
