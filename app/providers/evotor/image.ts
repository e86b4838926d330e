import { ProviderError } from '../../errors.ts'
import type { Answer } from '../../http/call.ts'
import type { Image } from '../../catalogue/goods.ts'
import type { Caller } from '../catalogue.ts'
import { refusal } from './calls.ts'
import type { Api } from '../api.ts'

/** Evotor's own limit of a picture. */
const MAX_BYTES = 5_242_880

/**
 * Bytes of a product's picture. The token goes to the API's own host alone: nobody says whether pictures are open.
 * @throws ProviderError `image_missing`, `image_too_large`, `image_elsewhere`; others as calls do
 */
export function fetchImage(call: Caller, apiUrl: string, { url }: Image): Promise<Uint8Array> {
  const own = new URL(url).origin === new URL(apiUrl).origin
  return call(async (api) => {
    const answer = await fetchFrom(own ? api.send : api.fetchFile, url)
    if (own && answer.status === 401) throw refusal(answer)
    if (answer.status >= 400) throw noImage('image_missing', `HTTP ${answer.status}`, answer.status)
    const { bytes } = answer
    if (!bytes?.length) throw noImage('image_missing', 'empty', answer.status)
    if (bytes.length > MAX_BYTES) throw noImage('image_too_large', 'too large', answer.status)
    return bytes
  })
}

/** A picture that leads elsewhere, or nowhere we may go, is none; the list it stands in has come all the same. */
async function fetchFrom(send: Api['send'], url: string): Promise<Answer> {
  try {
    return await send({ url, binary: true, headers: { accept: '*/*' } })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const { code, message, status } = error
    if (error.kind === 'configuration') throw noImage('image_elsewhere', message, status)
    if (code === 'bad_response') throw noImage('image_too_large', message, status)
    throw error
  }
}

type Fault = 'image_missing' | 'image_too_large' | 'image_elsewhere'

const noImage = (code: Fault, message: string, status: number | undefined): ProviderError =>
  new ProviderError(`picture: ${message}`, {
    code,
    kind: 'permission',
    ...(status !== undefined && { status }),
  })
