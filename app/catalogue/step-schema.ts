import * as z from 'zod'
import { platformId } from './ids.ts'
import { COMPARED } from './linked.ts'
import { FIELDS, type Step } from './steps.ts'

const money = z.number()
const values = z.record(z.string(), z.union([z.string(), z.number()]))
const reason = z.object({ code: z.string(), values: values.exactOptional() })

const drawing = z.object({
  title: z.string(),
  unit: z.string(),
  group: z.string().exactOptional(),
  tone: z.number().int(),
})

const item = z.object({
  ...{ title: z.string(), description: z.string(), price: money, sku: z.string() },
  oldPrice: money.exactOptional(),
  stock: z.number().exactOptional(),
  hidden: z.boolean(),
  categoryId: platformId.exactOptional(),
  photo: z.string().exactOptional(),
  spare: z.object({ photo: z.string(), of: z.enum(['group', 'all', 'drawn']) }).exactOptional(),
  more: z.array(z.string()).exactOptional(),
  drawing: drawing.exactOptional(),
  album: z
    .union([z.object({ id: platformId }), z.object({ groupId: z.string(), title: z.string() })])
    .exactOptional(),
})

const before = z.object({
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  price: money.exactOptional(),
  oldPrice: money.exactOptional(),
  stock: z.number().exactOptional(),
  hidden: z.boolean().exactOptional(),
  sku: z.string().exactOptional(),
})

const ofProduct = {
  productId: z.string().min(1),
  name: z.string(),
  tillPrice: money.exactOptional(),
  fields: z.array(z.enum(FIELDS)),
}

const step: z.ZodType<Step> = z.discriminatedUnion('action', [
  z.object({ action: z.literal('create'), ...ofProduct, item, reason: reason.exactOptional() }),
  z.object({
    action: z.enum(['update', 'hide', 'restore']),
    ...ofProduct,
    itemId: platformId,
    item,
    before: before.exactOptional(),
    only: z.array(z.enum(COMPARED)).exactOptional(),
    leaveAlbum: platformId.exactOptional(),
    reason: reason.exactOptional(),
  }),
  z.object({
    action: z.literal('delete'),
    ...ofProduct,
    itemId: platformId,
    item: item.exactOptional(),
    reason,
  }),
  z.object({
    action: z.literal('skip'),
    ...ofProduct,
    itemId: platformId.exactOptional(),
    reason,
  }),
])

/** A step out of its JSON; undefined for what is none. */
export function readStep(text: string): Step | undefined {
  try {
    return step.safeParse(JSON.parse(text, asNow)).data
  } catch {
    return undefined
  }
}

/** Until lately a category of 0 and a picture of '' stood for none. */
function asNow(key: string, value: unknown): unknown {
  const none = (key === 'photo' && value === '') || (key === 'categoryId' && value === 0)
  return none ? undefined : value
}
