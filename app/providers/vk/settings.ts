import * as z from 'zod'
import { oneOf } from '../../config/variables.ts'
import { commonSettings } from '../platform.ts'

/** Variables beside the usual ones, unprefixed. */
export const settings = commonSettings.extend({
  API_VERSION: z.string().default('5.131'),
  DOMAIN: oneOf('vk.com', 'vk.ru').default('vk.com'),
  AUTH: oneOf('classic', 'vkid').default('classic'),
  TOKEN_METHOD: oneOf('GET', 'POST').default('GET'),
  PER_SECOND: z
    .string()
    .refine((text) => /^[1-9]\d{0,3}$/.test(text), 'нужно целое число от 1 до 9999')
    .transform(Number)
    .default(3),
  SCOPES: commonSettings.shape.SCOPES.default(['market', 'groups', 'offline']),
})

export type VkSettings = z.infer<typeof settings>
