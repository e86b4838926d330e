import { ProviderError, ShopRefused } from '../../errors.ts'
import { asObject, asText } from '../../http/answer.ts'
import type { Answer, SentFile } from '../../http/call.ts'
import type { Caller } from '../catalogue.ts'
import { inChunks } from '../chunks.ts'
import type { Ask } from './market-calls.ts'
import { refusalOf } from './market-errors.ts'

/** Pictures in one upload (docs/platforms/vk.md#photos). */
export const PHOTOS_AT_ONCE = 5

/** An upload may go wrong by itself, or its address be worn out; then a new one is asked for. */
const TRIES = 5

interface Form {
  bulk: boolean
  save: string
}

const SINGLE: Form = { bulk: false, save: 'market.saveProductPhoto' }
const BULK: Form = { bulk: true, save: 'market.saveProductPhotoBulk' }

const PHOTO_REFUSED = 'photo_refused'

/** Refusals of everybody's pictures, not of these. */
const STOPS = new Set(['pause', 'temporary'])

/** Brings JPEGs to VK, five in a request where it takes that; ids in the pictures' order. */
export function createPhotos(ask: Ask, call: Caller, groupId: number) {
  const addresses = new Map<Form, Promise<string>>()
  let together = true

  return {
    async upload(pictures: readonly Uint8Array[]): Promise<string[]> {
      const ids: string[] = []
      for (const part of inChunks(pictures, PHOTOS_AT_ONCE)) ids.push(...(await some(part)))
      return ids
    },
  }

  async function some(part: readonly Uint8Array[]): Promise<string[]> {
    if (together && part.length > 1) {
      const ids = await bulk(part)
      if (ids) return ids
    }
    const ids: string[] = []
    for (const picture of part) ids.push(...(await send(SINGLE, [picture])))
    if (part.length > 1) together = false
    return ids
  }

  /** Undefined: VK does not take them together, so that single ones are worth a try. */
  async function bulk(part: readonly Uint8Array[]): Promise<string[] | undefined> {
    try {
      return await send(BULK, part)
    } catch (error) {
      const refused =
        error instanceof ShopRefused && !STOPS.has(error.scope) && error.kind !== 'dead'
      if (refused) return undefined
      throw error
    }
  }

  /** A receipt VK does not like is worth one more upload (docs/platforms/vk.md#calls-and-errors, 22). */
  async function send(form: Form, pictures: readonly Uint8Array[]): Promise<string[]> {
    const receipt = await post(form, pictures)
    try {
      return await save(form, pictures.length, receipt)
    } catch (error) {
      if (!(error instanceof ShopRefused) || error.code !== PHOTO_REFUSED) throw error
      addresses.delete(form)
    }
    return await save(form, pictures.length, await post(form, pictures))
  }

  async function save(form: Form, length: number, receipt: string): Promise<string[]> {
    const { response } = await ask(form.save, { upload_response: receipt })
    const ids = (Array.isArray(response) ? response : [response]).map(photoId)
    const known = ids.filter((id) => id !== undefined)
    if (known.length === length) return known
    throw unsaved()
  }

  /** VK's receipt, kept to the letter: it is signed. */
  async function post(form: Form, pictures: readonly Uint8Array[]): Promise<string> {
    const files = pictures.map((bytes, at) => fileOf(form, bytes, at))
    for (let tries = 1; ; tries += 1) {
      const address = addressOf(form)
      const url = await address
      try {
        return receiptIn(await call((api) => api.sendOpenly({ url, method: 'POST', files })))
      } catch (error) {
        if (!(error instanceof ProviderError) || tries === TRIES) throw error
        if (addresses.get(form) === address) addresses.delete(form)
      }
    }
  }

  /** Asked for once, however many uploads begin at the same time. */
  function addressOf(form: Form): Promise<string> {
    const known = addresses.get(form)
    if (known) return known
    const asked = newAddress(form)
    addresses.set(form, asked)
    asked.catch(() => addresses.delete(form))
    return asked
  }

  async function newAddress({ bulk: several }: Form): Promise<string> {
    const params = { group_id: groupId, ...(several && { bulk: 1 }) }
    const { response } = await ask('market.getProductPhotoUploadServer', params)
    const url = asText(asObject(response)?.upload_url)
    if (url && URL.canParse(url)) return url
    throw new ProviderError('no address for pictures', { code: 'bad_response', kind: 'temporary' })
  }
}

const fileOf = ({ bulk }: Form, bytes: Uint8Array, at: number): SentFile => ({
  name: bulk ? `file${at + 1}` : 'file',
  fileName: `photo${at + 1}.jpg`,
  type: 'image/jpeg',
  bytes,
})

/** @throws ShopRefused for what is no receipt: not JSON, or an error in it (docs/platforms/vk.md#photos) */
function receiptIn({ text }: Answer): string {
  const body = parsed(text)
  if (Array.isArray(body) && body.length > 0) return text // of several pictures
  const { error, error_code, error_msg } = asObject(body) ?? { error: '' }
  if (error === undefined && error_code === undefined && error_msg === undefined) return text
  throw refusalOf({ error_code: 22, error_msg: error_msg ?? error })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unsaved = () => refusalOf({ error_code: 22, error_msg: '' })

function photoId(value: unknown): string | undefined {
  const id = Number(asObject(value)?.photo_id)
  return Number.isSafeInteger(id) && id > 0 ? String(id) : undefined
}
