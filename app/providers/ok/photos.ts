import type { Answer } from '../../http/call.ts'
import { ShopRefused } from '../../errors.ts'
import { asObject, asText, readJson } from '../../http/answer.ts'
import type { Caller } from '../catalogue.ts'
import { errorIn } from './answers.ts'
import { type Ask, unreadable } from './calls.ts'
import { refusalOf } from './errors.ts'

/** Pictures under way together. Each has an address of its own: which token is whose is then beyond doubt. */
export const PHOTOS_AT_ONCE = 5

/** Brings JPEGs to OK; the tokens they are put into cards by, in the pictures' order (docs/platforms/ok.md#photos). */
export function createPhotos(ask: Ask, call: Caller, gid: string) {
  return {
    async upload(pictures: readonly Uint8Array[]): Promise<string[]> {
      const tokens: string[] = []
      for (const picture of pictures) tokens.push(await uploadOne(picture))
      return tokens
    },
  }

  /** An upload may go wrong by itself, or its address be worn out: one more is worth it. */
  async function uploadOne(bytes: Uint8Array): Promise<string> {
    try {
      return await send(bytes)
    } catch (error) {
      if (error instanceof ShopRefused && error.code !== 'photo_refused') throw error
      return await send(bytes)
    }
  }

  async function send(bytes: Uint8Array): Promise<string> {
    const { body } = await ask('photosV2.getUploadUrl', { gid, count: '1' })
    const url = asText(asObject(body)?.upload_url)
    if (!url || !URL.canParse(url)) throw unreadable('no address for pictures')
    const files = [{ name: 'pic1', fileName: 'photo1.jpg', type: 'image/jpeg', bytes }]
    return tokenIn(await call((api) => api.sendOpenly({ url, method: 'POST', files })))
  }
}

/** `{"photos":{"<its number>":{"token":"…"}}}`. */
function tokenIn(answer: Answer): string {
  const body = readJson(answer)
  const error = errorIn(body)
  if (error) throw refusalOf(error)
  const [photo] = Object.values(asObject(asObject(body)?.photos) ?? {})
  const token = asText(asObject(photo)?.token)
  if (!token) throw refusalOf({ number: 505, message: '' })
  return token
}
