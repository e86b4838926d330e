import * as z from 'zod'
import { commonSettings } from '../platform.ts'

/** Variables beside the usual ones, unprefixed. */
export const settings = commonSettings.extend({
  PUBLIC_KEY: z.string().optional(),
  SCOPES: z
    .string()
    .transform((text) => text.split(/[\s,;]+/).filter(Boolean))
    .default(['VALUABLE_ACCESS', 'GROUP_CONTENT', 'PHOTO_CONTENT', 'LONG_ACCESS_TOKEN']),
  PER_SECOND: z
    .string()
    .refine((text) => /^[1-9]\d{0,3}$/.test(text), 'нужно целое число от 1 до 9999')
    .transform(Number)
    .default(3), // no figure is named anywhere
})

export type OkSettings = z.infer<typeof settings>
